from asktell.v1 import access_pb2 as _access_pb2
from asktell.v1 import study_pb2 as _study_pb2
from asktell.v1 import trial_pb2 as _trial_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import struct_pb2 as _struct_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class StopReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STOP_REASON_UNSPECIFIED: _ClassVar[StopReason]
    STOP_REASON_PRUNED: _ClassVar[StopReason]
    STOP_REASON_STUDY_FINISHED: _ClassVar[StopReason]
    STOP_REASON_LEASE_LOST: _ClassVar[StopReason]
    STOP_REASON_TRIAL_ENDED: _ClassVar[StopReason]
STOP_REASON_UNSPECIFIED: StopReason
STOP_REASON_PRUNED: StopReason
STOP_REASON_STUDY_FINISHED: StopReason
STOP_REASON_LEASE_LOST: StopReason
STOP_REASON_TRIAL_ENDED: StopReason

class AskTrialsRequest(_message.Message):
    __slots__ = ("study", "count", "worker", "request_id", "fixed_params", "lease_duration", "resume", "max_wait")
    STUDY_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    WORKER_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    FIXED_PARAMS_FIELD_NUMBER: _ClassVar[int]
    LEASE_DURATION_FIELD_NUMBER: _ClassVar[int]
    RESUME_FIELD_NUMBER: _ClassVar[int]
    MAX_WAIT_FIELD_NUMBER: _ClassVar[int]
    study: str
    count: int
    worker: str
    request_id: str
    fixed_params: _struct_pb2.Struct
    lease_duration: _duration_pb2.Duration
    resume: bool
    max_wait: _duration_pb2.Duration
    def __init__(self, study: _Optional[str] = ..., count: _Optional[int] = ..., worker: _Optional[str] = ..., request_id: _Optional[str] = ..., fixed_params: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., lease_duration: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., resume: bool = ..., max_wait: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class AskTrialsResponse(_message.Message):
    __slots__ = ("trials", "study_state", "retry_after")
    TRIALS_FIELD_NUMBER: _ClassVar[int]
    STUDY_STATE_FIELD_NUMBER: _ClassVar[int]
    RETRY_AFTER_FIELD_NUMBER: _ClassVar[int]
    trials: _containers.RepeatedCompositeFieldContainer[_trial_pb2.Trial]
    study_state: _study_pb2.StudyState
    retry_after: _duration_pb2.Duration
    def __init__(self, trials: _Optional[_Iterable[_Union[_trial_pb2.Trial, _Mapping]]] = ..., study_state: _Optional[_Union[_study_pb2.StudyState, str]] = ..., retry_after: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class ReportTrialRequest(_message.Message):
    __slots__ = ("trial", "lease_token", "step", "values", "metrics")
    class MetricsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    LEASE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    trial: str
    lease_token: str
    step: int
    values: _containers.RepeatedScalarFieldContainer[float]
    metrics: _containers.ScalarMap[str, float]
    def __init__(self, trial: _Optional[str] = ..., lease_token: _Optional[str] = ..., step: _Optional[int] = ..., values: _Optional[_Iterable[float]] = ..., metrics: _Optional[_Mapping[str, float]] = ...) -> None: ...

class ReportTrialResponse(_message.Message):
    __slots__ = ("should_stop", "reason", "message", "lease_expire_time")
    SHOULD_STOP_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    LEASE_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    should_stop: bool
    reason: StopReason
    message: str
    lease_expire_time: _timestamp_pb2.Timestamp
    def __init__(self, should_stop: bool = ..., reason: _Optional[_Union[StopReason, str]] = ..., message: _Optional[str] = ..., lease_expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RenewLeaseRequest(_message.Message):
    __slots__ = ("leases",)
    LEASES_FIELD_NUMBER: _ClassVar[int]
    leases: _containers.RepeatedCompositeFieldContainer[LeaseRef]
    def __init__(self, leases: _Optional[_Iterable[_Union[LeaseRef, _Mapping]]] = ...) -> None: ...

class LeaseRef(_message.Message):
    __slots__ = ("trial", "lease_token")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    LEASE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    trial: str
    lease_token: str
    def __init__(self, trial: _Optional[str] = ..., lease_token: _Optional[str] = ...) -> None: ...

class RenewLeaseResponse(_message.Message):
    __slots__ = ("leases",)
    LEASES_FIELD_NUMBER: _ClassVar[int]
    leases: _containers.RepeatedCompositeFieldContainer[LeaseStatus]
    def __init__(self, leases: _Optional[_Iterable[_Union[LeaseStatus, _Mapping]]] = ...) -> None: ...

class LeaseStatus(_message.Message):
    __slots__ = ("trial", "should_stop", "reason", "lease_expire_time")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    SHOULD_STOP_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    LEASE_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    trial: str
    should_stop: bool
    reason: StopReason
    lease_expire_time: _timestamp_pb2.Timestamp
    def __init__(self, trial: _Optional[str] = ..., should_stop: bool = ..., reason: _Optional[_Union[StopReason, str]] = ..., lease_expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class TellTrialRequest(_message.Message):
    __slots__ = ("trial", "lease_token", "values", "metrics", "state", "failure", "request_id")
    class MetricsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    LEASE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    trial: str
    lease_token: str
    values: _containers.RepeatedScalarFieldContainer[float]
    metrics: _containers.ScalarMap[str, float]
    state: _trial_pb2.TrialState
    failure: str
    request_id: str
    def __init__(self, trial: _Optional[str] = ..., lease_token: _Optional[str] = ..., values: _Optional[_Iterable[float]] = ..., metrics: _Optional[_Mapping[str, float]] = ..., state: _Optional[_Union[_trial_pb2.TrialState, str]] = ..., failure: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class TellTrialResponse(_message.Message):
    __slots__ = ("trial", "study_state")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    STUDY_STATE_FIELD_NUMBER: _ClassVar[int]
    trial: _trial_pb2.Trial
    study_state: _study_pb2.StudyState
    def __init__(self, trial: _Optional[_Union[_trial_pb2.Trial, _Mapping]] = ..., study_state: _Optional[_Union[_study_pb2.StudyState, str]] = ...) -> None: ...

class EnqueueTrialsRequest(_message.Message):
    __slots__ = ("study", "trials", "request_id")
    STUDY_FIELD_NUMBER: _ClassVar[int]
    TRIALS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    study: str
    trials: _containers.RepeatedCompositeFieldContainer[TrialSeed]
    request_id: str
    def __init__(self, study: _Optional[str] = ..., trials: _Optional[_Iterable[_Union[TrialSeed, _Mapping]]] = ..., request_id: _Optional[str] = ...) -> None: ...

class TrialSeed(_message.Message):
    __slots__ = ("params", "attributes")
    PARAMS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    params: _struct_pb2.Struct
    attributes: _struct_pb2.Struct
    def __init__(self, params: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., attributes: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ...) -> None: ...

class EnqueueTrialsResponse(_message.Message):
    __slots__ = ("trials",)
    TRIALS_FIELD_NUMBER: _ClassVar[int]
    trials: _containers.RepeatedCompositeFieldContainer[_trial_pb2.Trial]
    def __init__(self, trials: _Optional[_Iterable[_Union[_trial_pb2.Trial, _Mapping]]] = ...) -> None: ...

class ImportTrialsRequest(_message.Message):
    __slots__ = ("study", "trials", "request_id")
    STUDY_FIELD_NUMBER: _ClassVar[int]
    TRIALS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    study: str
    trials: _containers.RepeatedCompositeFieldContainer[ImportedTrial]
    request_id: str
    def __init__(self, study: _Optional[str] = ..., trials: _Optional[_Iterable[_Union[ImportedTrial, _Mapping]]] = ..., request_id: _Optional[str] = ...) -> None: ...

class ImportedTrial(_message.Message):
    __slots__ = ("params", "values", "metrics", "state", "failure", "measurements", "attributes", "start_time", "end_time")
    class MetricsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    PARAMS_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    METRICS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    MEASUREMENTS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    params: _struct_pb2.Struct
    values: _containers.RepeatedScalarFieldContainer[float]
    metrics: _containers.ScalarMap[str, float]
    state: _trial_pb2.TrialState
    failure: str
    measurements: _containers.RepeatedCompositeFieldContainer[_trial_pb2.Measurement]
    attributes: _struct_pb2.Struct
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    def __init__(self, params: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., values: _Optional[_Iterable[float]] = ..., metrics: _Optional[_Mapping[str, float]] = ..., state: _Optional[_Union[_trial_pb2.TrialState, str]] = ..., failure: _Optional[str] = ..., measurements: _Optional[_Iterable[_Union[_trial_pb2.Measurement, _Mapping]]] = ..., attributes: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., start_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ImportTrialsResponse(_message.Message):
    __slots__ = ("trials",)
    TRIALS_FIELD_NUMBER: _ClassVar[int]
    trials: _containers.RepeatedCompositeFieldContainer[_trial_pb2.Trial]
    def __init__(self, trials: _Optional[_Iterable[_Union[_trial_pb2.Trial, _Mapping]]] = ...) -> None: ...

class GetTrialRequest(_message.Message):
    __slots__ = ("trial",)
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    trial: str
    def __init__(self, trial: _Optional[str] = ...) -> None: ...

class GetTrialResponse(_message.Message):
    __slots__ = ("trial",)
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    trial: _trial_pb2.Trial
    def __init__(self, trial: _Optional[_Union[_trial_pb2.Trial, _Mapping]] = ...) -> None: ...

class ListTrialsRequest(_message.Message):
    __slots__ = ("study", "page_size", "page_token", "filter", "order_by", "read_mask")
    STUDY_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    READ_MASK_FIELD_NUMBER: _ClassVar[int]
    study: str
    page_size: int
    page_token: str
    filter: str
    order_by: str
    read_mask: _field_mask_pb2.FieldMask
    def __init__(self, study: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ..., order_by: _Optional[str] = ..., read_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class ListTrialsResponse(_message.Message):
    __slots__ = ("trials", "next_page_token", "total_size")
    TRIALS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    trials: _containers.RepeatedCompositeFieldContainer[_trial_pb2.Trial]
    next_page_token: str
    total_size: int
    def __init__(self, trials: _Optional[_Iterable[_Union[_trial_pb2.Trial, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., total_size: _Optional[int] = ...) -> None: ...

class FindTrialsRequest(_message.Message):
    __slots__ = ("study", "filter")
    STUDY_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    study: str
    filter: str
    def __init__(self, study: _Optional[str] = ..., filter: _Optional[str] = ...) -> None: ...

class FindTrialsResponse(_message.Message):
    __slots__ = ("numbers",)
    NUMBERS_FIELD_NUMBER: _ClassVar[int]
    numbers: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, numbers: _Optional[_Iterable[int]] = ...) -> None: ...

class UpdateTrialRequest(_message.Message):
    __slots__ = ("trial", "update_mask")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    trial: _trial_pb2.Trial
    update_mask: _field_mask_pb2.FieldMask
    def __init__(self, trial: _Optional[_Union[_trial_pb2.Trial, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ...) -> None: ...

class UpdateTrialResponse(_message.Message):
    __slots__ = ("trial",)
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    trial: _trial_pb2.Trial
    def __init__(self, trial: _Optional[_Union[_trial_pb2.Trial, _Mapping]] = ...) -> None: ...

class ListWorkersRequest(_message.Message):
    __slots__ = ("parent", "page_size")
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    parent: str
    page_size: int
    def __init__(self, parent: _Optional[str] = ..., page_size: _Optional[int] = ...) -> None: ...

class ListWorkersResponse(_message.Message):
    __slots__ = ("workers", "total_size")
    WORKERS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    workers: _containers.RepeatedCompositeFieldContainer[Worker]
    total_size: int
    def __init__(self, workers: _Optional[_Iterable[_Union[Worker, _Mapping]]] = ..., total_size: _Optional[int] = ...) -> None: ...

class Worker(_message.Message):
    __slots__ = ("worker", "running", "running_count", "completed_count", "pruned_count", "failed_count", "infeasible_count", "failure_streak", "failed_trial", "failure", "last_seen_time")
    WORKER_FIELD_NUMBER: _ClassVar[int]
    RUNNING_FIELD_NUMBER: _ClassVar[int]
    RUNNING_COUNT_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_COUNT_FIELD_NUMBER: _ClassVar[int]
    PRUNED_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILED_COUNT_FIELD_NUMBER: _ClassVar[int]
    INFEASIBLE_COUNT_FIELD_NUMBER: _ClassVar[int]
    FAILURE_STREAK_FIELD_NUMBER: _ClassVar[int]
    FAILED_TRIAL_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    LAST_SEEN_TIME_FIELD_NUMBER: _ClassVar[int]
    worker: str
    running: _containers.RepeatedCompositeFieldContainer[HeldTrial]
    running_count: int
    completed_count: int
    pruned_count: int
    failed_count: int
    infeasible_count: int
    failure_streak: int
    failed_trial: str
    failure: str
    last_seen_time: _timestamp_pb2.Timestamp
    def __init__(self, worker: _Optional[str] = ..., running: _Optional[_Iterable[_Union[HeldTrial, _Mapping]]] = ..., running_count: _Optional[int] = ..., completed_count: _Optional[int] = ..., pruned_count: _Optional[int] = ..., failed_count: _Optional[int] = ..., infeasible_count: _Optional[int] = ..., failure_streak: _Optional[int] = ..., failed_trial: _Optional[str] = ..., failure: _Optional[str] = ..., last_seen_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class HeldTrial(_message.Message):
    __slots__ = ("trial", "start_time", "lease_expire_time", "last_seen_time")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    LEASE_EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_SEEN_TIME_FIELD_NUMBER: _ClassVar[int]
    trial: str
    start_time: _timestamp_pb2.Timestamp
    lease_expire_time: _timestamp_pb2.Timestamp
    last_seen_time: _timestamp_pb2.Timestamp
    def __init__(self, trial: _Optional[str] = ..., start_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., lease_expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., last_seen_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class EditTrialRequest(_message.Message):
    __slots__ = ("trial", "params", "attributes", "revision", "request_id")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    PARAMS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    trial: str
    params: _struct_pb2.Struct
    attributes: _struct_pb2.Struct
    revision: int
    request_id: str
    def __init__(self, trial: _Optional[str] = ..., params: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., attributes: _Optional[_Union[_struct_pb2.Struct, _Mapping]] = ..., revision: _Optional[int] = ..., request_id: _Optional[str] = ...) -> None: ...

class EditTrialResponse(_message.Message):
    __slots__ = ("trial",)
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    trial: _trial_pb2.Trial
    def __init__(self, trial: _Optional[_Union[_trial_pb2.Trial, _Mapping]] = ...) -> None: ...

class CancelTrialRequest(_message.Message):
    __slots__ = ("trial", "reason", "request_id")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    trial: str
    reason: str
    request_id: str
    def __init__(self, trial: _Optional[str] = ..., reason: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class CancelTrialResponse(_message.Message):
    __slots__ = ("trial", "study_state")
    TRIAL_FIELD_NUMBER: _ClassVar[int]
    STUDY_STATE_FIELD_NUMBER: _ClassVar[int]
    trial: _trial_pb2.Trial
    study_state: _study_pb2.StudyState
    def __init__(self, trial: _Optional[_Union[_trial_pb2.Trial, _Mapping]] = ..., study_state: _Optional[_Union[_study_pb2.StudyState, str]] = ...) -> None: ...
