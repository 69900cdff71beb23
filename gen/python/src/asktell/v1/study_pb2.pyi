from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Goal(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    GOAL_UNSPECIFIED: _ClassVar[Goal]
    GOAL_MINIMIZE: _ClassVar[Goal]
    GOAL_MAXIMIZE: _ClassVar[Goal]

class StudyState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STUDY_STATE_UNSPECIFIED: _ClassVar[StudyState]
    STUDY_STATE_ACTIVE: _ClassVar[StudyState]
    STUDY_STATE_PAUSED: _ClassVar[StudyState]
    STUDY_STATE_FINISHED: _ClassVar[StudyState]

class FinishReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FINISH_REASON_UNSPECIFIED: _ClassVar[FinishReason]
    FINISH_REASON_REQUESTED: _ClassVar[FinishReason]
    FINISH_REASON_MAX_TRIALS: _ClassVar[FinishReason]
    FINISH_REASON_MAX_DURATION: _ClassVar[FinishReason]
    FINISH_REASON_TARGET_REACHED: _ClassVar[FinishReason]
    FINISH_REASON_NO_IMPROVEMENT: _ClassVar[FinishReason]
    FINISH_REASON_FAILURES: _ClassVar[FinishReason]
    FINISH_REASON_SPACE_EXHAUSTED: _ClassVar[FinishReason]
GOAL_UNSPECIFIED: Goal
GOAL_MINIMIZE: Goal
GOAL_MAXIMIZE: Goal
STUDY_STATE_UNSPECIFIED: StudyState
STUDY_STATE_ACTIVE: StudyState
STUDY_STATE_PAUSED: StudyState
STUDY_STATE_FINISHED: StudyState
FINISH_REASON_UNSPECIFIED: FinishReason
FINISH_REASON_REQUESTED: FinishReason
FINISH_REASON_MAX_TRIALS: FinishReason
FINISH_REASON_MAX_DURATION: FinishReason
FINISH_REASON_TARGET_REACHED: FinishReason
FINISH_REASON_NO_IMPROVEMENT: FinishReason
FINISH_REASON_FAILURES: FinishReason
FINISH_REASON_SPACE_EXHAUSTED: FinishReason

class Study(_message.Message):
    __slots__ = ("name", "display_name", "parameters", "objectives", "constraints", "sampler", "pruner", "max_trials", "max_running", "max_duration", "target_value", "patience", "max_failure_rate", "lease_duration", "max_attempts", "replicates", "seed", "labels", "attributes", "note", "state", "finish_reason", "trial_counts", "create_time", "update_time", "finish_time", "revision", "best_trial", "etag", "best_values", "last_activity_time", "sources", "linear_constraints")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVES_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    SAMPLER_FIELD_NUMBER: _ClassVar[int]
    PRUNER_FIELD_NUMBER: _ClassVar[int]
    MAX_TRIALS_FIELD_NUMBER: _ClassVar[int]
    MAX_RUNNING_FIELD_NUMBER: _ClassVar[int]
    MAX_DURATION_FIELD_NUMBER: _ClassVar[int]
    TARGET_VALUE_FIELD_NUMBER: _ClassVar[int]
    PATIENCE_FIELD_NUMBER: _ClassVar[int]
    MAX_FAILURE_RATE_FIELD_NUMBER: _ClassVar[int]
    LEASE_DURATION_FIELD_NUMBER: _ClassVar[int]
    MAX_ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    REPLICATES_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    FINISH_REASON_FIELD_NUMBER: _ClassVar[int]
    TRIAL_COUNTS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    FINISH_TIME_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    BEST_TRIAL_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    BEST_VALUES_FIELD_NUMBER: _ClassVar[int]
    LAST_ACTIVITY_TIME_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    LINEAR_CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    name: str
    display_name: str
    parameters: _containers.RepeatedCompositeFieldContainer[Parameter]
    objectives: _containers.RepeatedCompositeFieldContainer[Objective]
    constraints: _containers.RepeatedCompositeFieldContainer[OutcomeConstraint]
    sampler: SamplerSpec
    pruner: PrunerSpec
    max_trials: int
    max_running: int
    max_duration: _duration_pb2.Duration
    target_value: float
    patience: int
    max_failure_rate: float
    lease_duration: _duration_pb2.Duration
    max_attempts: int
    replicates: int
    seed: int
    labels: _containers.ScalarMap[str, str]
    attributes: _struct_pb2.Struct
    note: str
    state: StudyState
    finish_reason: FinishReason
    trial_counts: TrialCounts
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    finish_time: _timestamp_pb2.Timestamp
    revision: int
    best_trial: int
    etag: str
    best_values: _containers.RepeatedScalarFieldContainer[float]
    last_activity_time: _timestamp_pb2.Timestamp
    sources: _containers.RepeatedCompositeFieldContainer[SourceStudy]
    linear_constraints: _containers.RepeatedCompositeFieldContainer[LinearConstraint]
    def __init__(self, name: _Optional[str] = ..., display_name: _Optional[str] = ..., parameters: _Optional[_Iterable[_Union[Parameter, _Mapping]]] = ..., objectives: _Optional[_Iterable[_Union[Objective, _Mapping]]] = ..., constraints: _Optional[_Iterable[_Union[OutcomeConstraint, _Mapping]]] = ..., sampler: _Optional[_Union[SamplerSpec, _Mapping]] = ..., pruner: _Optional[_Union[PrunerSpec, _Mapping]] = ..., max_trials: _Optional[int] = ..., max_running: _Optional[int] = ..., max_duration: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., target_value: _Optional[float] = ..., patience: _Optional[int] = ..., max_failure_rate: _Optional[float] = ..., lease_duration: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., max_attempts: _Optional[int] = ..., replicates: _Optional[int] = ..., seed: _Optional[int] = ..., labels: _Optional[_Mapping[str, str]] = ..., attributes: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., note: _Optional[str] = ..., state: _Optional[_Union[StudyState, str]] = ..., finish_reason: _Optional[_Union[FinishReason, str]] = ..., trial_counts: _Optional[_Union[TrialCounts, _Mapping]] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., finish_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., revision: _Optional[int] = ..., best_trial: _Optional[int] = ..., etag: _Optional[str] = ..., best_values: _Optional[_Iterable[float]] = ..., last_activity_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., sources: _Optional[_Iterable[_Union[SourceStudy, _Mapping]]] = ..., linear_constraints: _Optional[_Iterable[_Union[LinearConstraint, _Mapping]]] = ...) -> None: ...

class SourceStudy(_message.Message):
    __slots__ = ("study", "trials", "revision")
    STUDY_FIELD_NUMBER: _ClassVar[int]
    TRIALS_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    study: str
    trials: int
    revision: int
    def __init__(self, study: _Optional[str] = ..., trials: _Optional[int] = ..., revision: _Optional[int] = ...) -> None: ...

class Parameter(_message.Message):
    __slots__ = ("name", "real", "integer", "categorical", "condition", "default")
    NAME_FIELD_NUMBER: _ClassVar[int]
    REAL_FIELD_NUMBER: _ClassVar[int]
    INTEGER_FIELD_NUMBER: _ClassVar[int]
    CATEGORICAL_FIELD_NUMBER: _ClassVar[int]
    CONDITION_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_FIELD_NUMBER: _ClassVar[int]
    name: str
    real: RealDomain
    integer: IntegerDomain
    categorical: CategoricalDomain
    condition: Condition
    default: _struct_pb2.Value
    def __init__(self, name: _Optional[str] = ..., real: _Optional[_Union[RealDomain, _Mapping]] = ..., integer: _Optional[_Union[IntegerDomain, _Mapping]] = ..., categorical: _Optional[_Union[CategoricalDomain, _Mapping]] = ..., condition: _Optional[_Union[Condition, _Mapping]] = ..., default: _Optional[_Union[_struct_pb2.Value, _Mapping]] = ...) -> None: ...

class RealDomain(_message.Message):
    __slots__ = ("low", "high", "log", "step", "prior")
    LOW_FIELD_NUMBER: _ClassVar[int]
    HIGH_FIELD_NUMBER: _ClassVar[int]
    LOG_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    PRIOR_FIELD_NUMBER: _ClassVar[int]
    low: float
    high: float
    log: bool
    step: float
    prior: NormalPrior
    def __init__(self, low: _Optional[float] = ..., high: _Optional[float] = ..., log: bool = ..., step: _Optional[float] = ..., prior: _Optional[_Union[NormalPrior, _Mapping]] = ...) -> None: ...

class IntegerDomain(_message.Message):
    __slots__ = ("low", "high", "log", "step", "prior")
    LOW_FIELD_NUMBER: _ClassVar[int]
    HIGH_FIELD_NUMBER: _ClassVar[int]
    LOG_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    PRIOR_FIELD_NUMBER: _ClassVar[int]
    low: int
    high: int
    log: bool
    step: int
    prior: NormalPrior
    def __init__(self, low: _Optional[int] = ..., high: _Optional[int] = ..., log: bool = ..., step: _Optional[int] = ..., prior: _Optional[_Union[NormalPrior, _Mapping]] = ...) -> None: ...

class NormalPrior(_message.Message):
    __slots__ = ("mean", "deviation")
    MEAN_FIELD_NUMBER: _ClassVar[int]
    DEVIATION_FIELD_NUMBER: _ClassVar[int]
    mean: float
    deviation: float
    def __init__(self, mean: _Optional[float] = ..., deviation: _Optional[float] = ...) -> None: ...

class CategoricalDomain(_message.Message):
    __slots__ = ("choices", "ordered", "weights")
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    ORDERED_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    choices: _containers.RepeatedCompositeFieldContainer[_struct_pb2.Value]
    ordered: bool
    weights: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, choices: _Optional[_Iterable[_Union[_struct_pb2.Value, _Mapping]]] = ..., ordered: bool = ..., weights: _Optional[_Iterable[float]] = ...) -> None: ...

class Condition(_message.Message):
    __slots__ = ("parent", "values")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    parent: str
    values: _containers.RepeatedCompositeFieldContainer[_struct_pb2.Value]
    def __init__(self, parent: _Optional[str] = ..., values: _Optional[_Iterable[_Union[_struct_pb2.Value, _Mapping]]] = ...) -> None: ...

class Objective(_message.Message):
    __slots__ = ("name", "goal")
    NAME_FIELD_NUMBER: _ClassVar[int]
    GOAL_FIELD_NUMBER: _ClassVar[int]
    name: str
    goal: Goal
    def __init__(self, name: _Optional[str] = ..., goal: _Optional[_Union[Goal, str]] = ...) -> None: ...

class LinearConstraint(_message.Message):
    __slots__ = ("terms", "upper")
    TERMS_FIELD_NUMBER: _ClassVar[int]
    UPPER_FIELD_NUMBER: _ClassVar[int]
    terms: _containers.RepeatedCompositeFieldContainer[LinearTerm]
    upper: float
    def __init__(self, terms: _Optional[_Iterable[_Union[LinearTerm, _Mapping]]] = ..., upper: _Optional[float] = ...) -> None: ...

class LinearTerm(_message.Message):
    __slots__ = ("parameter", "coefficient")
    PARAMETER_FIELD_NUMBER: _ClassVar[int]
    COEFFICIENT_FIELD_NUMBER: _ClassVar[int]
    parameter: str
    coefficient: float
    def __init__(self, parameter: _Optional[str] = ..., coefficient: _Optional[float] = ...) -> None: ...

class OutcomeConstraint(_message.Message):
    __slots__ = ("metric", "upper")
    METRIC_FIELD_NUMBER: _ClassVar[int]
    UPPER_FIELD_NUMBER: _ClassVar[int]
    metric: str
    upper: float
    def __init__(self, metric: _Optional[str] = ..., upper: _Optional[float] = ...) -> None: ...

class SamplerSpec(_message.Message):
    __slots__ = ("auto", "random", "tpe", "gp", "gp_ucb_pe", "cma_es", "nsga2", "nsga3", "grid", "exhaustive", "sobol", "halton")
    AUTO_FIELD_NUMBER: _ClassVar[int]
    RANDOM_FIELD_NUMBER: _ClassVar[int]
    TPE_FIELD_NUMBER: _ClassVar[int]
    GP_FIELD_NUMBER: _ClassVar[int]
    GP_UCB_PE_FIELD_NUMBER: _ClassVar[int]
    CMA_ES_FIELD_NUMBER: _ClassVar[int]
    NSGA2_FIELD_NUMBER: _ClassVar[int]
    NSGA3_FIELD_NUMBER: _ClassVar[int]
    GRID_FIELD_NUMBER: _ClassVar[int]
    EXHAUSTIVE_FIELD_NUMBER: _ClassVar[int]
    SOBOL_FIELD_NUMBER: _ClassVar[int]
    HALTON_FIELD_NUMBER: _ClassVar[int]
    auto: AutoSampler
    random: RandomSampler
    tpe: TpeSampler
    gp: GpSampler
    gp_ucb_pe: GpUcbPeSampler
    cma_es: CmaEsSampler
    nsga2: Nsga2Sampler
    nsga3: Nsga3Sampler
    grid: GridSampler
    exhaustive: ExhaustiveSampler
    sobol: SobolSampler
    halton: HaltonSampler
    def __init__(self, auto: _Optional[_Union[AutoSampler, _Mapping]] = ..., random: _Optional[_Union[RandomSampler, _Mapping]] = ..., tpe: _Optional[_Union[TpeSampler, _Mapping]] = ..., gp: _Optional[_Union[GpSampler, _Mapping]] = ..., gp_ucb_pe: _Optional[_Union[GpUcbPeSampler, _Mapping]] = ..., cma_es: _Optional[_Union[CmaEsSampler, _Mapping]] = ..., nsga2: _Optional[_Union[Nsga2Sampler, _Mapping]] = ..., nsga3: _Optional[_Union[Nsga3Sampler, _Mapping]] = ..., grid: _Optional[_Union[GridSampler, _Mapping]] = ..., exhaustive: _Optional[_Union[ExhaustiveSampler, _Mapping]] = ..., sobol: _Optional[_Union[SobolSampler, _Mapping]] = ..., halton: _Optional[_Union[HaltonSampler, _Mapping]] = ...) -> None: ...

class AutoSampler(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RandomSampler(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class TpeSampler(_message.Message):
    __slots__ = ("startup_trials", "candidates", "per_parameter")
    STARTUP_TRIALS_FIELD_NUMBER: _ClassVar[int]
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    PER_PARAMETER_FIELD_NUMBER: _ClassVar[int]
    startup_trials: int
    candidates: int
    per_parameter: bool
    def __init__(self, startup_trials: _Optional[int] = ..., candidates: _Optional[int] = ..., per_parameter: bool = ...) -> None: ...

class GpSampler(_message.Message):
    __slots__ = ("startup_trials",)
    STARTUP_TRIALS_FIELD_NUMBER: _ClassVar[int]
    startup_trials: int
    def __init__(self, startup_trials: _Optional[int] = ...) -> None: ...

class GpUcbPeSampler(_message.Message):
    __slots__ = ("startup_trials",)
    STARTUP_TRIALS_FIELD_NUMBER: _ClassVar[int]
    startup_trials: int
    def __init__(self, startup_trials: _Optional[int] = ...) -> None: ...

class CmaEsSampler(_message.Message):
    __slots__ = ("population_size", "separable", "restarts")
    POPULATION_SIZE_FIELD_NUMBER: _ClassVar[int]
    SEPARABLE_FIELD_NUMBER: _ClassVar[int]
    RESTARTS_FIELD_NUMBER: _ClassVar[int]
    population_size: int
    separable: bool
    restarts: bool
    def __init__(self, population_size: _Optional[int] = ..., separable: bool = ..., restarts: bool = ...) -> None: ...

class Nsga2Sampler(_message.Message):
    __slots__ = ("population_size", "crossover_probability", "mutation_probability")
    POPULATION_SIZE_FIELD_NUMBER: _ClassVar[int]
    CROSSOVER_PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    MUTATION_PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    population_size: int
    crossover_probability: float
    mutation_probability: float
    def __init__(self, population_size: _Optional[int] = ..., crossover_probability: _Optional[float] = ..., mutation_probability: _Optional[float] = ...) -> None: ...

class Nsga3Sampler(_message.Message):
    __slots__ = ("population_size", "divisions")
    POPULATION_SIZE_FIELD_NUMBER: _ClassVar[int]
    DIVISIONS_FIELD_NUMBER: _ClassVar[int]
    population_size: int
    divisions: int
    def __init__(self, population_size: _Optional[int] = ..., divisions: _Optional[int] = ...) -> None: ...

class GridSampler(_message.Message):
    __slots__ = ("resolution",)
    RESOLUTION_FIELD_NUMBER: _ClassVar[int]
    resolution: int
    def __init__(self, resolution: _Optional[int] = ...) -> None: ...

class ExhaustiveSampler(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SobolSampler(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class HaltonSampler(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class PrunerSpec(_message.Message):
    __slots__ = ("auto", "none", "median", "percentile", "asha", "hyperband", "pasha", "threshold", "patience", "wilcoxon", "curve")
    AUTO_FIELD_NUMBER: _ClassVar[int]
    NONE_FIELD_NUMBER: _ClassVar[int]
    MEDIAN_FIELD_NUMBER: _ClassVar[int]
    PERCENTILE_FIELD_NUMBER: _ClassVar[int]
    ASHA_FIELD_NUMBER: _ClassVar[int]
    HYPERBAND_FIELD_NUMBER: _ClassVar[int]
    PASHA_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    PATIENCE_FIELD_NUMBER: _ClassVar[int]
    WILCOXON_FIELD_NUMBER: _ClassVar[int]
    CURVE_FIELD_NUMBER: _ClassVar[int]
    auto: AutoPruner
    none: NoPruner
    median: MedianPruner
    percentile: PercentilePruner
    asha: AshaPruner
    hyperband: HyperbandPruner
    pasha: PashaPruner
    threshold: ThresholdPruner
    patience: PatiencePruner
    wilcoxon: WilcoxonPruner
    curve: CurvePruner
    def __init__(self, auto: _Optional[_Union[AutoPruner, _Mapping]] = ..., none: _Optional[_Union[NoPruner, _Mapping]] = ..., median: _Optional[_Union[MedianPruner, _Mapping]] = ..., percentile: _Optional[_Union[PercentilePruner, _Mapping]] = ..., asha: _Optional[_Union[AshaPruner, _Mapping]] = ..., hyperband: _Optional[_Union[HyperbandPruner, _Mapping]] = ..., pasha: _Optional[_Union[PashaPruner, _Mapping]] = ..., threshold: _Optional[_Union[ThresholdPruner, _Mapping]] = ..., patience: _Optional[_Union[PatiencePruner, _Mapping]] = ..., wilcoxon: _Optional[_Union[WilcoxonPruner, _Mapping]] = ..., curve: _Optional[_Union[CurvePruner, _Mapping]] = ...) -> None: ...

class AutoPruner(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class NoPruner(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class MedianPruner(_message.Message):
    __slots__ = ("startup_trials", "warmup_steps", "interval_steps", "min_trials")
    STARTUP_TRIALS_FIELD_NUMBER: _ClassVar[int]
    WARMUP_STEPS_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_STEPS_FIELD_NUMBER: _ClassVar[int]
    MIN_TRIALS_FIELD_NUMBER: _ClassVar[int]
    startup_trials: int
    warmup_steps: int
    interval_steps: int
    min_trials: int
    def __init__(self, startup_trials: _Optional[int] = ..., warmup_steps: _Optional[int] = ..., interval_steps: _Optional[int] = ..., min_trials: _Optional[int] = ...) -> None: ...

class PercentilePruner(_message.Message):
    __slots__ = ("percentile", "startup_trials", "warmup_steps", "interval_steps", "min_trials")
    PERCENTILE_FIELD_NUMBER: _ClassVar[int]
    STARTUP_TRIALS_FIELD_NUMBER: _ClassVar[int]
    WARMUP_STEPS_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_STEPS_FIELD_NUMBER: _ClassVar[int]
    MIN_TRIALS_FIELD_NUMBER: _ClassVar[int]
    percentile: float
    startup_trials: int
    warmup_steps: int
    interval_steps: int
    min_trials: int
    def __init__(self, percentile: _Optional[float] = ..., startup_trials: _Optional[int] = ..., warmup_steps: _Optional[int] = ..., interval_steps: _Optional[int] = ..., min_trials: _Optional[int] = ...) -> None: ...

class AshaPruner(_message.Message):
    __slots__ = ("min_resource", "reduction_factor", "min_early_stopping_rate")
    MIN_RESOURCE_FIELD_NUMBER: _ClassVar[int]
    REDUCTION_FACTOR_FIELD_NUMBER: _ClassVar[int]
    MIN_EARLY_STOPPING_RATE_FIELD_NUMBER: _ClassVar[int]
    min_resource: int
    reduction_factor: int
    min_early_stopping_rate: int
    def __init__(self, min_resource: _Optional[int] = ..., reduction_factor: _Optional[int] = ..., min_early_stopping_rate: _Optional[int] = ...) -> None: ...

class HyperbandPruner(_message.Message):
    __slots__ = ("min_resource", "max_resource", "reduction_factor")
    MIN_RESOURCE_FIELD_NUMBER: _ClassVar[int]
    MAX_RESOURCE_FIELD_NUMBER: _ClassVar[int]
    REDUCTION_FACTOR_FIELD_NUMBER: _ClassVar[int]
    min_resource: int
    max_resource: int
    reduction_factor: int
    def __init__(self, min_resource: _Optional[int] = ..., max_resource: _Optional[int] = ..., reduction_factor: _Optional[int] = ...) -> None: ...

class PashaPruner(_message.Message):
    __slots__ = ("min_resource", "reduction_factor")
    MIN_RESOURCE_FIELD_NUMBER: _ClassVar[int]
    REDUCTION_FACTOR_FIELD_NUMBER: _ClassVar[int]
    min_resource: int
    reduction_factor: int
    def __init__(self, min_resource: _Optional[int] = ..., reduction_factor: _Optional[int] = ...) -> None: ...

class ThresholdPruner(_message.Message):
    __slots__ = ("lower", "upper", "warmup_steps", "interval_steps")
    LOWER_FIELD_NUMBER: _ClassVar[int]
    UPPER_FIELD_NUMBER: _ClassVar[int]
    WARMUP_STEPS_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_STEPS_FIELD_NUMBER: _ClassVar[int]
    lower: float
    upper: float
    warmup_steps: int
    interval_steps: int
    def __init__(self, lower: _Optional[float] = ..., upper: _Optional[float] = ..., warmup_steps: _Optional[int] = ..., interval_steps: _Optional[int] = ...) -> None: ...

class PatiencePruner(_message.Message):
    __slots__ = ("patience", "min_delta")
    PATIENCE_FIELD_NUMBER: _ClassVar[int]
    MIN_DELTA_FIELD_NUMBER: _ClassVar[int]
    patience: int
    min_delta: float
    def __init__(self, patience: _Optional[int] = ..., min_delta: _Optional[float] = ...) -> None: ...

class WilcoxonPruner(_message.Message):
    __slots__ = ("p_threshold", "startup_steps")
    P_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    STARTUP_STEPS_FIELD_NUMBER: _ClassVar[int]
    p_threshold: float
    startup_steps: int
    def __init__(self, p_threshold: _Optional[float] = ..., startup_steps: _Optional[int] = ...) -> None: ...

class CurvePruner(_message.Message):
    __slots__ = ("confidence", "warmup_steps")
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    WARMUP_STEPS_FIELD_NUMBER: _ClassVar[int]
    confidence: float
    warmup_steps: int
    def __init__(self, confidence: _Optional[float] = ..., warmup_steps: _Optional[int] = ...) -> None: ...

class TrialCounts(_message.Message):
    __slots__ = ("total", "waiting", "running", "completed", "pruned", "failed", "infeasible")
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    WAITING_FIELD_NUMBER: _ClassVar[int]
    RUNNING_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_FIELD_NUMBER: _ClassVar[int]
    PRUNED_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    INFEASIBLE_FIELD_NUMBER: _ClassVar[int]
    total: int
    waiting: int
    running: int
    completed: int
    pruned: int
    failed: int
    infeasible: int
    def __init__(self, total: _Optional[int] = ..., waiting: _Optional[int] = ..., running: _Optional[int] = ..., completed: _Optional[int] = ..., pruned: _Optional[int] = ..., failed: _Optional[int] = ..., infeasible: _Optional[int] = ...) -> None: ...
