from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TrialState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TRIAL_STATE_UNSPECIFIED: _ClassVar[TrialState]
    TRIAL_STATE_WAITING: _ClassVar[TrialState]
    TRIAL_STATE_RUNNING: _ClassVar[TrialState]
    TRIAL_STATE_COMPLETED: _ClassVar[TrialState]
    TRIAL_STATE_PRUNED: _ClassVar[TrialState]
    TRIAL_STATE_FAILED: _ClassVar[TrialState]
    TRIAL_STATE_INFEASIBLE: _ClassVar[TrialState]
TRIAL_STATE_UNSPECIFIED: TrialState
TRIAL_STATE_WAITING: TrialState
TRIAL_STATE_RUNNING: TrialState
TRIAL_STATE_COMPLETED: TrialState
TRIAL_STATE_PRUNED: TrialState
TRIAL_STATE_FAILED: TrialState
TRIAL_STATE_INFEASIBLE: TrialState

class Trial(_message.Message):
    __slots__ = ("name", "number", "state", "params", "values", "metrics", "measurements", "worker", "attempt", "lease_token", "lease_expire_time", "attributes", "failure", "create_time", "start_time", "end_time", "suggestion", "violation", "late_observations", "revision", "end_revision", "last_seen_time", "former_points")
    class MetricsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PARAMS_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    MEASUREMENTS_FIELD_NUMBER: _ClassVar[int]
    WORKER_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    LEASE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    LEASE_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    SUGGESTION_FIELD_NUMBER: _ClassVar[int]
    VIOLATION_FIELD_NUMBER: _ClassVar[int]
    LATE_OBSERVATIONS_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    END_REVISION_FIELD_NUMBER: _ClassVar[int]
    LAST_SEEN_TIME_FIELD_NUMBER: _ClassVar[int]
    FORMER_POINTS_FIELD_NUMBER: _ClassVar[int]
    name: str
    number: int
    state: TrialState
    params: _struct_pb2.Struct
    values: _containers.RepeatedScalarFieldContainer[float]
    metrics: _containers.ScalarMap[str, float]
    measurements: _containers.RepeatedCompositeFieldContainer[Measurement]
    worker: str
    attempt: int
    lease_token: str
    lease_expire_time: _timestamp_pb2.Timestamp
    attributes: _struct_pb2.Struct
    failure: str
    create_time: _timestamp_pb2.Timestamp
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    suggestion: SuggestionInfo
    violation: float
    late_observations: _containers.RepeatedCompositeFieldContainer[LateObservation]
    revision: int
    end_revision: int
    last_seen_time: _timestamp_pb2.Timestamp
    former_points: _containers.RepeatedCompositeFieldContainer[FormerPoint]
    def __init__(self, name: _Optional[str] = ..., number: _Optional[int] = ..., state: _Optional[_Union[TrialState, str]] = ..., params: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., values: _Optional[_Iterable[float]] = ..., metrics: _Optional[_Mapping[str, float]] = ..., measurements: _Optional[_Iterable[_Union[Measurement, _Mapping]]] = ..., worker: _Optional[str] = ..., attempt: _Optional[int] = ..., lease_token: _Optional[str] = ..., lease_expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., attributes: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., failure: _Optional[str] = ..., create_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., start_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., suggestion: _Optional[_Union[SuggestionInfo, _Mapping]] = ..., violation: _Optional[float] = ..., late_observations: _Optional[_Iterable[_Union[LateObservation, _Mapping]]] = ..., revision: _Optional[int] = ..., end_revision: _Optional[int] = ..., last_seen_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., former_points: _Optional[_Iterable[_Union[FormerPoint, _Mapping]]] = ...) -> None: ...

class Measurement(_message.Message):
    __slots__ = ("step", "values", "metrics", "report_time")
    class MetricsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    STEP_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    REPORT_TIME_FIELD_NUMBER: _ClassVar[int]
    step: int
    values: _containers.RepeatedScalarFieldContainer[float]
    metrics: _containers.ScalarMap[str, float]
    report_time: _timestamp_pb2.Timestamp
    def __init__(self, step: _Optional[int] = ..., values: _Optional[_Iterable[float]] = ..., metrics: _Optional[_Mapping[str, float]] = ..., report_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class FormerPoint(_message.Message):
    __slots__ = ("params", "until_revision")
    PARAMS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_REVISION_FIELD_NUMBER: _ClassVar[int]
    params: _struct_pb2.Struct
    until_revision: int
    def __init__(self, params: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., until_revision: _Optional[int] = ...) -> None: ...

class SuggestionInfo(_message.Message):
    __slots__ = ("sampler", "reason", "history_revision", "spec_version", "fixed_params", "expected_values", "expected_deviations")
    SAMPLER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    HISTORY_REVISION_FIELD_NUMBER: _ClassVar[int]
    SPEC_VERSION_FIELD_NUMBER: _ClassVar[int]
    FIXED_PARAMS_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VALUES_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_DEVIATIONS_FIELD_NUMBER: _ClassVar[int]
    sampler: str
    reason: str
    history_revision: int
    spec_version: int
    fixed_params: _struct_pb2.Struct
    expected_values: _containers.RepeatedScalarFieldContainer[float]
    expected_deviations: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, sampler: _Optional[str] = ..., reason: _Optional[str] = ..., history_revision: _Optional[int] = ..., spec_version: _Optional[int] = ..., fixed_params: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., expected_values: _Optional[_Iterable[float]] = ..., expected_deviations: _Optional[_Iterable[float]] = ...) -> None: ...

class LateObservation(_message.Message):
    __slots__ = ("attempt", "state", "values", "metrics", "worker", "tell_time")
    class MetricsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    WORKER_FIELD_NUMBER: _ClassVar[int]
    TELL_TIME_FIELD_NUMBER: _ClassVar[int]
    attempt: int
    state: TrialState
    values: _containers.RepeatedScalarFieldContainer[float]
    metrics: _containers.ScalarMap[str, float]
    worker: str
    tell_time: _timestamp_pb2.Timestamp
    def __init__(self, attempt: _Optional[int] = ..., state: _Optional[_Union[TrialState, str]] = ..., values: _Optional[_Iterable[float]] = ..., metrics: _Optional[_Mapping[str, float]] = ..., worker: _Optional[str] = ..., tell_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class TrialColumns(_message.Message):
    __slots__ = ("numbers", "states", "revisions", "end_revisions", "params", "values", "violations", "workers", "worker_names", "attempts", "create_times", "start_times", "end_times", "lease_expire_times")
    NUMBERS_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    REVISIONS_FIELD_NUMBER: _ClassVar[int]
    END_REVISIONS_FIELD_NUMBER: _ClassVar[int]
    PARAMS_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    VIOLATIONS_FIELD_NUMBER: _ClassVar[int]
    WORKERS_FIELD_NUMBER: _ClassVar[int]
    WORKER_NAMES_FIELD_NUMBER: _ClassVar[int]
    ATTEMPTS_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIMES_FIELD_NUMBER: _ClassVar[int]
    START_TIMES_FIELD_NUMBER: _ClassVar[int]
    END_TIMES_FIELD_NUMBER: _ClassVar[int]
    LEASE_EXPIRE_TIMES_FIELD_NUMBER: _ClassVar[int]
    numbers: _containers.RepeatedScalarFieldContainer[int]
    states: _containers.RepeatedScalarFieldContainer[TrialState]
    revisions: _containers.RepeatedScalarFieldContainer[int]
    end_revisions: _containers.RepeatedScalarFieldContainer[int]
    params: _containers.RepeatedCompositeFieldContainer[NumberColumn]
    values: _containers.RepeatedCompositeFieldContainer[NumberColumn]
    violations: _containers.RepeatedScalarFieldContainer[float]
    workers: _containers.RepeatedScalarFieldContainer[int]
    worker_names: _containers.RepeatedScalarFieldContainer[str]
    attempts: _containers.RepeatedScalarFieldContainer[int]
    create_times: _containers.RepeatedScalarFieldContainer[float]
    start_times: _containers.RepeatedScalarFieldContainer[float]
    end_times: _containers.RepeatedScalarFieldContainer[float]
    lease_expire_times: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, numbers: _Optional[_Iterable[int]] = ..., states: _Optional[_Iterable[_Union[TrialState, str]]] = ..., revisions: _Optional[_Iterable[int]] = ..., end_revisions: _Optional[_Iterable[int]] = ..., params: _Optional[_Iterable[_Union[NumberColumn, _Mapping]]] = ..., values: _Optional[_Iterable[_Union[NumberColumn, _Mapping]]] = ..., violations: _Optional[_Iterable[float]] = ..., workers: _Optional[_Iterable[int]] = ..., worker_names: _Optional[_Iterable[str]] = ..., attempts: _Optional[_Iterable[int]] = ..., create_times: _Optional[_Iterable[float]] = ..., start_times: _Optional[_Iterable[float]] = ..., end_times: _Optional[_Iterable[float]] = ..., lease_expire_times: _Optional[_Iterable[float]] = ...) -> None: ...

class NumberColumn(_message.Message):
    __slots__ = ("numbers",)
    NUMBERS_FIELD_NUMBER: _ClassVar[int]
    numbers: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, numbers: _Optional[_Iterable[float]] = ...) -> None: ...
