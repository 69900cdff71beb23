from asktell.v1 import access_pb2 as _access_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ImportanceMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    IMPORTANCE_METHOD_UNSPECIFIED: _ClassVar[ImportanceMethod]
    IMPORTANCE_METHOD_FANOVA: _ClassVar[ImportanceMethod]
    IMPORTANCE_METHOD_PED_ANOVA: _ClassVar[ImportanceMethod]

class HintKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HINT_KIND_UNSPECIFIED: _ClassVar[HintKind]
    HINT_KIND_ALL_FAILED: _ClassVar[HintKind]
    HINT_KIND_MANY_FAILED: _ClassVar[HintKind]
    HINT_KIND_ALL_INFEASIBLE: _ClassVar[HintKind]
    HINT_KIND_CONSTANT_OBJECTIVE: _ClassVar[HintKind]
    HINT_KIND_AT_BOUND: _ClassVar[HintKind]
    HINT_KIND_DUPLICATES: _ClassVar[HintKind]
    HINT_KIND_NOISE: _ClassVar[HintKind]

class HintSeverity(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    HINT_SEVERITY_UNSPECIFIED: _ClassVar[HintSeverity]
    HINT_SEVERITY_INFO: _ClassVar[HintSeverity]
    HINT_SEVERITY_WARNING: _ClassVar[HintSeverity]
IMPORTANCE_METHOD_UNSPECIFIED: ImportanceMethod
IMPORTANCE_METHOD_FANOVA: ImportanceMethod
IMPORTANCE_METHOD_PED_ANOVA: ImportanceMethod
HINT_KIND_UNSPECIFIED: HintKind
HINT_KIND_ALL_FAILED: HintKind
HINT_KIND_MANY_FAILED: HintKind
HINT_KIND_ALL_INFEASIBLE: HintKind
HINT_KIND_CONSTANT_OBJECTIVE: HintKind
HINT_KIND_AT_BOUND: HintKind
HINT_KIND_DUPLICATES: HintKind
HINT_KIND_NOISE: HintKind
HINT_SEVERITY_UNSPECIFIED: HintSeverity
HINT_SEVERITY_INFO: HintSeverity
HINT_SEVERITY_WARNING: HintSeverity

class GetImportancesRequest(_message.Message):
    __slots__ = ("study", "objective", "method")
    STUDY_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    study: str
    objective: str
    method: ImportanceMethod
    def __init__(self, study: _Optional[str] = ..., objective: _Optional[str] = ..., method: _Optional[_Union[ImportanceMethod, str]] = ...) -> None: ...

class GetImportancesResponse(_message.Message):
    __slots__ = ("revision", "importances", "trials", "explained")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    IMPORTANCES_FIELD_NUMBER: _ClassVar[int]
    TRIALS_FIELD_NUMBER: _ClassVar[int]
    EXPLAINED_FIELD_NUMBER: _ClassVar[int]
    revision: int
    importances: _containers.RepeatedCompositeFieldContainer[Importance]
    trials: int
    explained: float
    def __init__(self, revision: _Optional[int] = ..., importances: _Optional[_Iterable[_Union[Importance, _Mapping]]] = ..., trials: _Optional[int] = ..., explained: _Optional[float] = ...) -> None: ...

class Importance(_message.Message):
    __slots__ = ("parameter", "share", "low", "high")
    PARAMETER_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    LOW_FIELD_NUMBER: _ClassVar[int]
    HIGH_FIELD_NUMBER: _ClassVar[int]
    parameter: str
    share: float
    low: float
    high: float
    def __init__(self, parameter: _Optional[str] = ..., share: _Optional[float] = ..., low: _Optional[float] = ..., high: _Optional[float] = ...) -> None: ...

class GetSlicesRequest(_message.Message):
    __slots__ = ("study", "objective", "parameters")
    STUDY_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    study: str
    objective: str
    parameters: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, study: _Optional[str] = ..., objective: _Optional[str] = ..., parameters: _Optional[_Iterable[str]] = ...) -> None: ...

class GetSlicesResponse(_message.Message):
    __slots__ = ("revision", "slices", "trials", "explained")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    SLICES_FIELD_NUMBER: _ClassVar[int]
    TRIALS_FIELD_NUMBER: _ClassVar[int]
    EXPLAINED_FIELD_NUMBER: _ClassVar[int]
    revision: int
    slices: _containers.RepeatedCompositeFieldContainer[Slice]
    trials: int
    explained: float
    def __init__(self, revision: _Optional[int] = ..., slices: _Optional[_Iterable[_Union[Slice, _Mapping]]] = ..., trials: _Optional[int] = ..., explained: _Optional[float] = ...) -> None: ...

class Slice(_message.Message):
    __slots__ = ("axis", "mean", "low", "high")
    AXIS_FIELD_NUMBER: _ClassVar[int]
    MEAN_FIELD_NUMBER: _ClassVar[int]
    LOW_FIELD_NUMBER: _ClassVar[int]
    HIGH_FIELD_NUMBER: _ClassVar[int]
    axis: AnalysisAxis
    mean: _containers.RepeatedScalarFieldContainer[float]
    low: _containers.RepeatedScalarFieldContainer[float]
    high: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, axis: _Optional[_Union[AnalysisAxis, _Mapping]] = ..., mean: _Optional[_Iterable[float]] = ..., low: _Optional[_Iterable[float]] = ..., high: _Optional[_Iterable[float]] = ...) -> None: ...

class AnalysisAxis(_message.Message):
    __slots__ = ("parameter", "values")
    PARAMETER_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    parameter: str
    values: _containers.RepeatedCompositeFieldContainer[_struct_pb2.Value]
    def __init__(self, parameter: _Optional[str] = ..., values: _Optional[_Iterable[_Union[_struct_pb2.Value, _Mapping]]] = ...) -> None: ...

class GetContourRequest(_message.Message):
    __slots__ = ("study", "objective", "x", "y")
    STUDY_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    study: str
    objective: str
    x: str
    y: str
    def __init__(self, study: _Optional[str] = ..., objective: _Optional[str] = ..., x: _Optional[str] = ..., y: _Optional[str] = ...) -> None: ...

class GetContourResponse(_message.Message):
    __slots__ = ("revision", "x", "y", "mean", "low", "high", "trials", "explained")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    MEAN_FIELD_NUMBER: _ClassVar[int]
    LOW_FIELD_NUMBER: _ClassVar[int]
    HIGH_FIELD_NUMBER: _ClassVar[int]
    TRIALS_FIELD_NUMBER: _ClassVar[int]
    EXPLAINED_FIELD_NUMBER: _ClassVar[int]
    revision: int
    x: AnalysisAxis
    y: AnalysisAxis
    mean: _containers.RepeatedScalarFieldContainer[float]
    low: _containers.RepeatedScalarFieldContainer[float]
    high: _containers.RepeatedScalarFieldContainer[float]
    trials: int
    explained: float
    def __init__(self, revision: _Optional[int] = ..., x: _Optional[_Union[AnalysisAxis, _Mapping]] = ..., y: _Optional[_Union[AnalysisAxis, _Mapping]] = ..., mean: _Optional[_Iterable[float]] = ..., low: _Optional[_Iterable[float]] = ..., high: _Optional[_Iterable[float]] = ..., trials: _Optional[int] = ..., explained: _Optional[float] = ...) -> None: ...

class SampleTrialsRequest(_message.Message):
    __slots__ = ("study", "objective", "size")
    STUDY_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    study: str
    objective: str
    size: int
    def __init__(self, study: _Optional[str] = ..., objective: _Optional[str] = ..., size: _Optional[int] = ...) -> None: ...

class SampleTrialsResponse(_message.Message):
    __slots__ = ("revision", "trials", "total")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    TRIALS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    revision: int
    trials: _containers.RepeatedCompositeFieldContainer[RankedTrial]
    total: int
    def __init__(self, revision: _Optional[int] = ..., trials: _Optional[_Iterable[_Union[RankedTrial, _Mapping]]] = ..., total: _Optional[int] = ...) -> None: ...

class RankedTrial(_message.Message):
    __slots__ = ("number", "params", "values", "rank")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    PARAMS_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    number: int
    params: _struct_pb2.Struct
    values: _containers.RepeatedScalarFieldContainer[float]
    rank: float
    def __init__(self, number: _Optional[int] = ..., params: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., values: _Optional[_Iterable[float]] = ..., rank: _Optional[float] = ...) -> None: ...

class GetDistributionRequest(_message.Message):
    __slots__ = ("study", "objective", "size")
    STUDY_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    study: str
    objective: str
    size: int
    def __init__(self, study: _Optional[str] = ..., objective: _Optional[str] = ..., size: _Optional[int] = ...) -> None: ...

class GetDistributionResponse(_message.Message):
    __slots__ = ("revision", "values", "shares", "total")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    SHARES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    revision: int
    values: _containers.RepeatedScalarFieldContainer[float]
    shares: _containers.RepeatedScalarFieldContainer[float]
    total: int
    def __init__(self, revision: _Optional[int] = ..., values: _Optional[_Iterable[float]] = ..., shares: _Optional[_Iterable[float]] = ..., total: _Optional[int] = ...) -> None: ...

class GetProgressRequest(_message.Message):
    __slots__ = ("study", "size", "reference_point")
    STUDY_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_POINT_FIELD_NUMBER: _ClassVar[int]
    study: str
    size: int
    reference_point: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, study: _Optional[str] = ..., size: _Optional[int] = ..., reference_point: _Optional[_Iterable[float]] = ...) -> None: ...

class GetProgressResponse(_message.Message):
    __slots__ = ("revision", "numbers", "ended", "values", "reference_point", "exact")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    NUMBERS_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_POINT_FIELD_NUMBER: _ClassVar[int]
    EXACT_FIELD_NUMBER: _ClassVar[int]
    revision: int
    numbers: _containers.RepeatedScalarFieldContainer[int]
    ended: _containers.RepeatedScalarFieldContainer[int]
    values: _containers.RepeatedScalarFieldContainer[float]
    reference_point: _containers.RepeatedScalarFieldContainer[float]
    exact: bool
    def __init__(self, revision: _Optional[int] = ..., numbers: _Optional[_Iterable[int]] = ..., ended: _Optional[_Iterable[int]] = ..., values: _Optional[_Iterable[float]] = ..., reference_point: _Optional[_Iterable[float]] = ..., exact: bool = ...) -> None: ...

class GetParetoFrontRequest(_message.Message):
    __slots__ = ("study", "objectives")
    STUDY_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVES_FIELD_NUMBER: _ClassVar[int]
    study: str
    objectives: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, study: _Optional[str] = ..., objectives: _Optional[_Iterable[str]] = ...) -> None: ...

class GetParetoFrontResponse(_message.Message):
    __slots__ = ("revision", "numbers", "total")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    NUMBERS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    revision: int
    numbers: _containers.RepeatedScalarFieldContainer[int]
    total: int
    def __init__(self, revision: _Optional[int] = ..., numbers: _Optional[_Iterable[int]] = ..., total: _Optional[int] = ...) -> None: ...

class GetExpectationsRequest(_message.Message):
    __slots__ = ("study", "objective", "size")
    STUDY_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    study: str
    objective: str
    size: int
    def __init__(self, study: _Optional[str] = ..., objective: _Optional[str] = ..., size: _Optional[int] = ...) -> None: ...

class GetExpectationsResponse(_message.Message):
    __slots__ = ("revision", "expectations", "calibration")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    EXPECTATIONS_FIELD_NUMBER: _ClassVar[int]
    CALIBRATION_FIELD_NUMBER: _ClassVar[int]
    revision: int
    expectations: _containers.RepeatedCompositeFieldContainer[Expectation]
    calibration: Calibration
    def __init__(self, revision: _Optional[int] = ..., expectations: _Optional[_Iterable[_Union[Expectation, _Mapping]]] = ..., calibration: _Optional[_Union[Calibration, _Mapping]] = ...) -> None: ...

class Expectation(_message.Message):
    __slots__ = ("number", "expected", "deviation", "observed", "is_suggested")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    DEVIATION_FIELD_NUMBER: _ClassVar[int]
    OBSERVED_FIELD_NUMBER: _ClassVar[int]
    IS_SUGGESTED_FIELD_NUMBER: _ClassVar[int]
    number: int
    expected: float
    deviation: float
    observed: float
    is_suggested: bool
    def __init__(self, number: _Optional[int] = ..., expected: _Optional[float] = ..., deviation: _Optional[float] = ..., observed: _Optional[float] = ..., is_suggested: bool = ...) -> None: ...

class Calibration(_message.Message):
    __slots__ = ("trials", "promised", "kept", "bias", "spread", "correlation")
    TRIALS_FIELD_NUMBER: _ClassVar[int]
    PROMISED_FIELD_NUMBER: _ClassVar[int]
    KEPT_FIELD_NUMBER: _ClassVar[int]
    BIAS_FIELD_NUMBER: _ClassVar[int]
    SPREAD_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_FIELD_NUMBER: _ClassVar[int]
    trials: int
    promised: _containers.RepeatedScalarFieldContainer[float]
    kept: _containers.RepeatedScalarFieldContainer[float]
    bias: float
    spread: float
    correlation: float
    def __init__(self, trials: _Optional[int] = ..., promised: _Optional[_Iterable[float]] = ..., kept: _Optional[_Iterable[float]] = ..., bias: _Optional[float] = ..., spread: _Optional[float] = ..., correlation: _Optional[float] = ...) -> None: ...

class GetPruningSavingsRequest(_message.Message):
    __slots__ = ("study",)
    STUDY_FIELD_NUMBER: _ClassVar[int]
    study: str
    def __init__(self, study: _Optional[str] = ...) -> None: ...

class GetPruningSavingsResponse(_message.Message):
    __slots__ = ("revision", "completed", "pruned", "spent", "saved", "share", "stopped_after", "full_length", "stopped_reports")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_FIELD_NUMBER: _ClassVar[int]
    PRUNED_FIELD_NUMBER: _ClassVar[int]
    SPENT_FIELD_NUMBER: _ClassVar[int]
    SAVED_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    STOPPED_AFTER_FIELD_NUMBER: _ClassVar[int]
    FULL_LENGTH_FIELD_NUMBER: _ClassVar[int]
    STOPPED_REPORTS_FIELD_NUMBER: _ClassVar[int]
    revision: int
    completed: int
    pruned: int
    spent: int
    saved: float
    share: float
    stopped_after: _containers.RepeatedScalarFieldContainer[float]
    full_length: float
    stopped_reports: int
    def __init__(self, revision: _Optional[int] = ..., completed: _Optional[int] = ..., pruned: _Optional[int] = ..., spent: _Optional[int] = ..., saved: _Optional[float] = ..., share: _Optional[float] = ..., stopped_after: _Optional[_Iterable[float]] = ..., full_length: _Optional[float] = ..., stopped_reports: _Optional[int] = ...) -> None: ...

class ListHintsRequest(_message.Message):
    __slots__ = ("study",)
    STUDY_FIELD_NUMBER: _ClassVar[int]
    study: str
    def __init__(self, study: _Optional[str] = ...) -> None: ...

class ListHintsResponse(_message.Message):
    __slots__ = ("revision", "hints")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    HINTS_FIELD_NUMBER: _ClassVar[int]
    revision: int
    hints: _containers.RepeatedCompositeFieldContainer[Hint]
    def __init__(self, revision: _Optional[int] = ..., hints: _Optional[_Iterable[_Union[Hint, _Mapping]]] = ...) -> None: ...

class Hint(_message.Message):
    __slots__ = ("kind", "severity", "parameter", "message")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SEVERITY_FIELD_NUMBER: _ClassVar[int]
    PARAMETER_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    kind: HintKind
    severity: HintSeverity
    parameter: str
    message: str
    def __init__(self, kind: _Optional[_Union[HintKind, str]] = ..., severity: _Optional[_Union[HintSeverity, str]] = ..., parameter: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...
