// Made by scripts/generateApi.py from mlflow 3.17.2 (npm run generate); not for editing.

export const MLFLOW_VERSION = "3.17.2";

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export type AggregationType = "COUNT" | "SUM" | "AVG" | "PERCENTILE" | "MIN" | "MAX";
export type AssessmentSourceSourceType = "SOURCE_TYPE_UNSPECIFIED" | "HUMAN" | "LLM_JUDGE" | "CODE";
export type BudgetAction = "BUDGET_ACTION_UNSPECIFIED" | "ALERT" | "REJECT";
export type BudgetDurationUnit = "DURATION_UNIT_UNSPECIFIED" | "MINUTES" | "HOURS" | "DAYS" | "WEEKS" | "MONTHS";
export type BudgetTargetScope = "TARGET_SCOPE_UNSPECIFIED" | "GLOBAL" | "WORKSPACE" | "ENDPOINT" | "USER";
export type BudgetUnit = "BUDGET_UNIT_UNSPECIFIED" | "USD";
export type DatasetRecordSourceSourceType = "SOURCE_TYPE_UNSPECIFIED" | "TRACE" | "HUMAN" | "DOCUMENT" | "CODE";
export type DeploymentJobConnectionState = "DEPLOYMENT_JOB_CONNECTION_STATE_UNSPECIFIED" | "NOT_SET_UP" | "CONNECTED" | "NOT_FOUND" | "REQUIRED_PARAMETERS_CHANGED";
export type FallbackStrategy = "FALLBACK_STRATEGY_UNSPECIFIED" | "SEQUENTIAL";
export type GatewayModelLinkageType = "LINKAGE_TYPE_UNSPECIFIED" | "PRIMARY" | "FALLBACK";
export type GuardrailAction = "GUARDRAIL_ACTION_UNSPECIFIED" | "VALIDATION" | "SANITIZATION";
export type GuardrailStage = "GUARDRAIL_STAGE_UNSPECIFIED" | "BEFORE" | "AFTER";
export type JobStatus = "JOB_STATUS_UNSPECIFIED" | "JOB_STATUS_PENDING" | "JOB_STATUS_IN_PROGRESS" | "JOB_STATUS_COMPLETED" | "JOB_STATUS_FAILED" | "JOB_STATUS_CANCELED" | "JOB_STATUS_NEEDS_RECOVERY";
export type LabelSchemaType = "LABEL_SCHEMA_TYPE_UNSPECIFIED" | "FEEDBACK" | "EXPECTATION";
export type LoggedModelStatus = "LOGGED_MODEL_STATUS_UNSPECIFIED" | "LOGGED_MODEL_PENDING" | "LOGGED_MODEL_READY" | "LOGGED_MODEL_UPLOAD_FAILED";
export type MetricViewType = "TRACES" | "SPANS" | "ASSESSMENTS";
export type ModelVersionDeploymentJobStateDeploymentJobRunState = "DEPLOYMENT_JOB_RUN_STATE_UNSPECIFIED" | "NO_VALID_DEPLOYMENT_JOB_FOUND" | "RUNNING" | "SUCCEEDED" | "FAILED" | "PENDING" | "APPROVAL";
export type ModelVersionStatus = "PENDING_REGISTRATION" | "FAILED_REGISTRATION" | "READY";
export type OptimizerType = "OPTIMIZER_TYPE_UNSPECIFIED" | "OPTIMIZER_TYPE_GEPA" | "OPTIMIZER_TYPE_METAPROMPT";
export type ReviewItemType = "REVIEW_ITEM_TYPE_UNSPECIFIED" | "TRACE";
export type ReviewQueueType = "REVIEW_QUEUE_TYPE_UNSPECIFIED" | "USER" | "CUSTOM";
export type ReviewStatus = "REVIEW_STATUS_UNSPECIFIED" | "PENDING" | "COMPLETE" | "DECLINED";
export type RoutingStrategy = "ROUTING_STRATEGY_UNSPECIFIED" | "REQUEST_BASED_TRAFFIC_SPLIT";
export type RunStatus = "RUNNING" | "SCHEDULED" | "FINISHED" | "FAILED" | "KILLED";
export type SpanSpanKind = "SPAN_KIND_UNSPECIFIED" | "SPAN_KIND_INTERNAL" | "SPAN_KIND_SERVER" | "SPAN_KIND_CLIENT" | "SPAN_KIND_PRODUCER" | "SPAN_KIND_CONSUMER";
export type StatusStatusCode = "STATUS_CODE_UNSET" | "STATUS_CODE_OK" | "STATUS_CODE_ERROR";
export type TraceInfoV3State = "STATE_UNSPECIFIED" | "OK" | "ERROR" | "IN_PROGRESS";
export type TraceLocationTraceLocationType = "TRACE_LOCATION_TYPE_UNSPECIFIED" | "MLFLOW_EXPERIMENT" | "INFERENCE_TABLE";
export type TraceStatus = "TRACE_STATUS_UNSPECIFIED" | "OK" | "ERROR" | "IN_PROGRESS";
export type ViewType = "ACTIVE_ONLY" | "DELETED_ONLY" | "ALL";
export type WebhookAction = "ACTION_UNSPECIFIED" | "CREATED" | "UPDATED" | "DELETED" | "SET" | "EXCEEDED";
export type WebhookEntity = "ENTITY_UNSPECIFIED" | "REGISTERED_MODEL" | "MODEL_VERSION" | "MODEL_VERSION_TAG" | "MODEL_VERSION_ALIAS" | "PROMPT" | "PROMPT_VERSION" | "PROMPT_TAG" | "PROMPT_VERSION_TAG" | "PROMPT_ALIAS" | "BUDGET_POLICY";
export type WebhookStatus = "ACTIVE" | "DISABLED";
export interface AbortMultipartUpload { path?: string; upload_id?: string; }
export type AbortMultipartUploadResponse = Record<string, never>;
export interface AddDatasetToExperiments { dataset_id?: string; experiment_ids?: string[]; }
export interface AddDatasetToExperimentsResponse { dataset?: DatasetsDataset; }
export interface AddGuardrailToEndpoint { endpoint_id?: string; guardrail_id?: string; execution_order?: number; }
export interface AddGuardrailToEndpointResponse { config?: GatewayGuardrailConfig; }
export interface AddItemsToReviewQueue { queue_id?: string; item_type?: ReviewItemType; item_ids?: string[]; }
export interface AddItemsToReviewQueueResponse { items?: ReviewQueueItem[]; }
export interface AnyValue { string_value?: string; bool_value?: boolean; int_value?: number; double_value?: number; array_value?: ArrayValue; kvlist_value?: KeyValueList; bytes_value?: string; string_value_strindex?: number; }
export interface ArrayValue { values?: AnyValue[]; }
export interface ArtifactsFileInfo { path?: string; is_dir?: boolean; file_size?: number; }
export interface ArtifactsListArtifacts { path?: string; }
export interface ArtifactsListArtifactsResponse { files?: ArtifactsFileInfo[]; }
export interface Assessment { assessment_id?: string; assessment_name?: string; trace_id?: string; span_id?: string; source?: AssessmentSource; create_time?: string; last_update_time?: string; feedback?: Feedback; expectation?: Expectation; rationale?: string; error?: AssessmentError; metadata?: Record<string, string>; overrides?: string; valid?: boolean; issue?: IssueReference; }
export interface AssessmentError { error_code?: string; error_message?: string; stack_trace?: string; }
export interface AssessmentSource { source_type?: AssessmentSourceSourceType; source_id?: string; }
export interface AttachModelToGatewayEndpoint { endpoint_id?: string; model_config?: GatewayEndpointModelConfig; created_by?: string; }
export interface AttachModelToGatewayEndpointResponse { mapping?: GatewayEndpointModelMapping; }
export interface BatchGetTraceInfos { trace_ids?: string[]; experiment_ids?: string[]; }
export interface BatchGetTraceInfosResponse { trace_infos?: TraceInfoV3[]; }
export interface BatchGetTraces { trace_ids?: string[]; experiment_ids?: string[]; }
export interface BatchGetTracesResponse { traces?: Trace[]; }
export interface BudgetDuration { unit?: BudgetDurationUnit; value?: number; }
export interface CalculateTraceFilterCorrelation { experiment_ids?: string[]; filter_string1?: string; filter_string2?: string; base_filter?: string; }
export interface CalculateTraceFilterCorrelationResponse { npmi?: number; npmi_smoothed?: number; filter1_count?: number; filter2_count?: number; joint_count?: number; total_count?: number; }
export interface CancelPromptOptimizationJob { job_id?: string; }
export interface CancelPromptOptimizationJobResponse { job?: PromptOptimizationJob; }
export interface CompleteMultipartUpload { path?: string; upload_id?: string; parts?: MultipartUploadPart[]; }
export type CompleteMultipartUploadResponse = Record<string, never>;
export interface CreateAssessment { assessment?: Assessment; }
export interface CreateAssessmentResponse { assessment?: Assessment; }
export interface CreateDataset { name?: string; experiment_ids?: string[]; source_type?: DatasetRecordSourceSourceType; source?: string; schema?: string; profile?: string; created_by?: string; tags?: string; }
export interface CreateDatasetResponse { dataset?: DatasetsDataset; }
export interface CreateExperiment { name?: string; artifact_location?: string; tags?: ExperimentTag[]; }
export interface CreateExperimentResponse { experiment_id?: string; }
export interface CreateGatewayBudgetPolicy { budget_unit?: BudgetUnit; budget_amount?: number; duration?: BudgetDuration; target_scope?: BudgetTargetScope; budget_action?: BudgetAction; created_by?: string; target_value?: string; }
export interface CreateGatewayBudgetPolicyResponse { budget_policy?: GatewayBudgetPolicy; }
export interface CreateGatewayEndpoint { name?: string; model_configs?: GatewayEndpointModelConfig[]; created_by?: string; routing_strategy?: RoutingStrategy; fallback_config?: FallbackConfig; experiment_id?: string; usage_tracking?: boolean; }
export interface CreateGatewayEndpointBinding { endpoint_id?: string; resource_type?: string; resource_id?: string; created_by?: string; }
export interface CreateGatewayEndpointBindingResponse { binding?: GatewayEndpointBinding; }
export interface CreateGatewayEndpointResponse { endpoint?: GatewayEndpoint; }
export interface CreateGatewayGuardrail { name?: string; scorer_id?: string; scorer_version?: number; stage?: GuardrailStage; action?: GuardrailAction; action_endpoint_id?: string; }
export interface CreateGatewayGuardrailResponse { guardrail?: GatewayGuardrail; }
export interface CreateGatewayModelDefinition { name?: string; secret_id?: string; provider?: string; model_name?: string; created_by?: string; }
export interface CreateGatewayModelDefinitionResponse { model_definition?: GatewayModelDefinition; }
export interface CreateGatewaySecret { secret_name?: string; secret_value?: Record<string, string>; provider?: string; auth_config?: Record<string, string>; created_by?: string; }
export interface CreateGatewaySecretResponse { secret?: GatewaySecretInfo; }
export interface CreateIssue { experiment_id?: string; name?: string; description?: string; status?: string; severity?: string; root_causes?: string[]; source_run_id?: string; created_by?: string; categories?: string[]; }
export interface CreateIssueResponse { issue?: Issue; }
export interface CreateLabelSchema { experiment_id?: string; name?: string; type?: LabelSchemaType; input?: LabelSchemaInput; instruction?: string; enable_comment?: boolean; }
export interface CreateLabelSchemaResponse { label_schema?: LabelSchema; }
export interface CreateLoggedModel { experiment_id?: string; name?: string; model_type?: string; source_run_id?: string; params?: LoggedModelParameter[]; tags?: LoggedModelTag[]; }
export interface CreateLoggedModelResponse { model?: LoggedModel; }
export interface CreateModelVersion { name?: string; source?: string; run_id?: string; tags?: ModelVersionTag[]; run_link?: string; description?: string; model_id?: string; }
export interface CreateModelVersionResponse { model_version?: ModelVersion; }
export interface CreateMultipartUpload { path?: string; num_parts?: number; }
export interface CreateMultipartUploadResponse { upload_id?: string; credentials?: MultipartUploadCredential[]; }
export interface CreatePresignedDownloadUrl { run_id?: string; path?: string; expiration?: number; }
export interface CreatePresignedDownloadUrlResponse { presigned_url?: string; headers?: Record<string, string>; file_size?: number; }
export interface CreatePresignedUploadUrl { run_id?: string; path?: string; expiration?: number; model_id?: string; }
export interface CreatePresignedUploadUrlResponse { presigned_url?: string; headers?: Record<string, string>; }
export interface CreatePromptOptimizationJob { experiment_id?: string; source_prompt_uri?: string; config?: PromptOptimizationJobConfig; tags?: PromptOptimizationJobTag[]; }
export interface CreatePromptOptimizationJobResponse { job?: PromptOptimizationJob; }
export interface CreateRegisteredModel { name?: string; tags?: RegisteredModelTag[]; description?: string; deployment_job_id?: string; }
export interface CreateRegisteredModelResponse { registered_model?: RegisteredModel; }
export interface CreateReviewQueue { experiment_id?: string; name?: string; queue_type?: ReviewQueueType; created_by?: string; users?: string[]; schema_ids?: string[]; }
export interface CreateReviewQueueResponse { review_queue?: ReviewQueue; }
export interface CreateRun { experiment_id?: string; user_id?: string; run_name?: string; start_time?: number; tags?: RunTag[]; }
export interface CreateRunResponse { run?: Run; }
export interface CreateWebhook { name?: string; description?: string; url?: string; events?: WebhookEvent[]; secret?: string; status?: WebhookStatus; }
export interface CreateWebhookResponse { webhook?: Webhook; }
export interface CreateWorkspace { name?: string; description?: string; default_artifact_root?: string; trace_archival_config?: TraceArchivalConfig; }
export interface CreateWorkspaceResponse { workspace?: Workspace; }
export interface Dataset { name?: string; digest?: string; source_type?: string; source?: string; schema?: string; profile?: string; }
export interface DatasetInput { tags?: InputTag[]; dataset?: Dataset; }
export interface DatasetSummary { experiment_id?: string; name?: string; digest?: string; context?: string; }
export interface DatasetsDataset { dataset_id?: string; name?: string; tags?: string; schema?: string; profile?: string; digest?: string; created_time?: number; last_update_time?: number; created_by?: string; last_updated_by?: string; experiment_ids?: string[]; }
export type DeleteArtifact = Record<string, never>;
export type DeleteArtifactResponse = Record<string, never>;
export interface DeleteAssessment { trace_id?: string; assessment_id?: string; }
export type DeleteAssessmentResponse = Record<string, never>;
export interface DeleteDataset { dataset_id?: string; }
export interface DeleteDatasetRecords { dataset_id?: string; dataset_record_ids?: string[]; }
export interface DeleteDatasetRecordsResponse { deleted_count?: number; }
export type DeleteDatasetResponse = Record<string, never>;
export interface DeleteDatasetTag { dataset_id?: string; key?: string; }
export type DeleteDatasetTagResponse = Record<string, never>;
export interface DeleteExperiment { experiment_id?: string; }
export type DeleteExperimentResponse = Record<string, never>;
export interface DeleteExperimentTag { experiment_id?: string; key?: string; }
export type DeleteExperimentTagResponse = Record<string, never>;
export interface DeleteGatewayBudgetPolicy { budget_policy_id?: string; }
export type DeleteGatewayBudgetPolicyResponse = Record<string, never>;
export interface DeleteGatewayEndpoint { endpoint_id?: string; }
export interface DeleteGatewayEndpointBinding { endpoint_id?: string; resource_type?: string; resource_id?: string; }
export type DeleteGatewayEndpointBindingResponse = Record<string, never>;
export type DeleteGatewayEndpointResponse = Record<string, never>;
export interface DeleteGatewayEndpointTag { endpoint_id?: string; key?: string; }
export type DeleteGatewayEndpointTagResponse = Record<string, never>;
export interface DeleteGatewayGuardrail { guardrail_id?: string; }
export type DeleteGatewayGuardrailResponse = Record<string, never>;
export interface DeleteGatewayModelDefinition { model_definition_id?: string; }
export type DeleteGatewayModelDefinitionResponse = Record<string, never>;
export interface DeleteGatewaySecret { secret_id?: string; }
export type DeleteGatewaySecretResponse = Record<string, never>;
export interface DeleteLabelSchema { schema_id?: string; }
export type DeleteLabelSchemaResponse = Record<string, never>;
export interface DeleteLoggedModel { model_id?: string; }
export type DeleteLoggedModelResponse = Record<string, never>;
export interface DeleteLoggedModelTag { model_id?: string; tag_key?: string; }
export type DeleteLoggedModelTagResponse = Record<string, never>;
export interface DeleteModelVersion { name?: string; version?: string; }
export type DeleteModelVersionResponse = Record<string, never>;
export interface DeleteModelVersionTag { name?: string; version?: string; key?: string; }
export type DeleteModelVersionTagResponse = Record<string, never>;
export interface DeletePromptOptimizationJob { job_id?: string; }
export type DeletePromptOptimizationJobResponse = Record<string, never>;
export interface DeleteRegisteredModel { name?: string; }
export interface DeleteRegisteredModelAlias { name?: string; alias?: string; }
export type DeleteRegisteredModelAliasResponse = Record<string, never>;
export type DeleteRegisteredModelResponse = Record<string, never>;
export interface DeleteRegisteredModelTag { name?: string; key?: string; }
export type DeleteRegisteredModelTagResponse = Record<string, never>;
export interface DeleteReviewQueue { queue_id?: string; }
export type DeleteReviewQueueResponse = Record<string, never>;
export interface DeleteRun { run_id?: string; }
export type DeleteRunResponse = Record<string, never>;
export interface DeleteScorer { experiment_id?: string; name?: string; version?: number; }
export type DeleteScorerResponse = Record<string, never>;
export interface DeleteTag { run_id?: string; key?: string; }
export type DeleteTagResponse = Record<string, never>;
export interface DeleteTraceTag { request_id?: string; key?: string; }
export type DeleteTraceTagResponse = Record<string, never>;
export interface DeleteTraceTagV3 { key?: string; trace_id?: string; }
export type DeleteTraceTagV3Response = Record<string, never>;
export interface DeleteTraces { experiment_id?: string; max_timestamp_millis?: number; max_traces?: number; request_ids?: string[]; }
export interface DeleteTracesResponse { traces_deleted?: number; }
export interface DeleteTracesV3 { experiment_id?: string; max_timestamp_millis?: number; max_traces?: number; request_ids?: string[]; }
export interface DeleteTracesV3Response { traces_deleted?: number; }
export interface DeleteWebhook { webhook_id?: string; }
export type DeleteWebhookResponse = Record<string, never>;
export interface DeleteWorkspace { workspace_name?: string; }
export type DeleteWorkspaceResponse = Record<string, never>;
export interface DetachModelFromGatewayEndpoint { endpoint_id?: string; model_definition_id?: string; }
export type DetachModelFromGatewayEndpointResponse = Record<string, never>;
export type DownloadArtifact = Record<string, never>;
export type DownloadArtifactResponse = Record<string, never>;
export interface EndTrace { request_id?: string; timestamp_ms?: number; status?: TraceStatus; request_metadata?: TraceRequestMetadata[]; tags?: TraceTag[]; }
export interface EndTraceResponse { trace_info?: TraceInfo; }
export interface Expectation { value?: unknown; serialized_value?: ExpectationSerializedValue; }
export interface ExpectationSerializedValue { serialization_format?: string; value?: string; }
export interface Experiment { experiment_id?: string; name?: string; artifact_location?: string; lifecycle_stage?: string; last_update_time?: number; creation_time?: number; tags?: ExperimentTag[]; effective_trace_archival_retention?: string; workspace?: string; }
export interface ExperimentTag { key?: string; value?: string; }
export interface FallbackConfig { strategy?: FallbackStrategy; max_attempts?: number; }
export interface Feedback { value?: unknown; error?: AssessmentError; }
export interface FieldMask { paths?: string[]; }
export interface FileInfo { path?: string; is_dir?: boolean; file_size?: number; }
export interface FinalizeLoggedModel { model_id?: string; status?: LoggedModelStatus; }
export interface FinalizeLoggedModelResponse { model?: LoggedModel; }
export interface GatewayBudgetPolicy { budget_policy_id?: string; budget_unit?: BudgetUnit; budget_amount?: number; duration?: BudgetDuration; target_scope?: BudgetTargetScope; budget_action?: BudgetAction; created_by?: string; created_at?: number; last_updated_by?: string; last_updated_at?: number; target_value?: string; }
export interface GatewayEndpoint { endpoint_id?: string; name?: string; created_at?: number; last_updated_at?: number; model_mappings?: GatewayEndpointModelMapping[]; created_by?: string; last_updated_by?: string; tags?: GatewayEndpointTag[]; routing_strategy?: RoutingStrategy; fallback_config?: FallbackConfig; experiment_id?: string; usage_tracking?: boolean; }
export interface GatewayEndpointBinding { endpoint_id?: string; resource_type?: string; resource_id?: string; created_at?: number; last_updated_at?: number; created_by?: string; last_updated_by?: string; display_name?: string; }
export interface GatewayEndpointModelConfig { model_definition_id?: string; linkage_type?: GatewayModelLinkageType; weight?: number; fallback_order?: number; }
export interface GatewayEndpointModelMapping { mapping_id?: string; endpoint_id?: string; model_definition_id?: string; model_definition?: GatewayModelDefinition; weight?: number; created_at?: number; created_by?: string; linkage_type?: GatewayModelLinkageType; fallback_order?: number; }
export interface GatewayEndpointTag { key?: string; value?: string; }
export interface GatewayGuardrail { guardrail_id?: string; name?: string; scorer?: Scorer; stage?: GuardrailStage; action?: GuardrailAction; action_endpoint_id?: string; created_by?: string; created_at?: number; last_updated_by?: string; last_updated_at?: number; }
export interface GatewayGuardrailConfig { endpoint_id?: string; guardrail_id?: string; execution_order?: number; created_by?: string; created_at?: number; guardrail?: GatewayGuardrail; }
export interface GatewayModelDefinition { model_definition_id?: string; name?: string; secret_id?: string; secret_name?: string; provider?: string; model_name?: string; created_at?: number; last_updated_at?: number; created_by?: string; last_updated_by?: string; }
export interface GatewaySecretInfo { secret_id?: string; secret_name?: string; masked_values?: Record<string, string>; created_at?: number; last_updated_at?: number; provider?: string; created_by?: string; last_updated_by?: string; auth_config?: Record<string, string>; }
export interface GetAssessmentRequest { trace_id?: string; assessment_id?: string; }
export interface GetAssessmentRequestResponse { assessment?: Assessment; }
export interface GetDataset { dataset_id?: string; page_token?: string; }
export interface GetDatasetExperimentIds { dataset_id?: string; }
export interface GetDatasetExperimentIdsResponse { experiment_ids?: string[]; }
export interface GetDatasetRecords { dataset_id?: string; max_results?: number; page_token?: string; }
export interface GetDatasetRecordsResponse { records?: string; next_page_token?: string; }
export interface GetDatasetResponse { dataset?: DatasetsDataset; next_page_token?: string; }
export interface GetExperiment { experiment_id?: string; }
export interface GetExperimentByName { experiment_name?: string; }
export interface GetExperimentByNameResponse { experiment?: Experiment; }
export interface GetExperimentResponse { experiment?: Experiment; }
export interface GetGatewayBudgetPolicy { budget_policy_id?: string; }
export interface GetGatewayBudgetPolicyResponse { budget_policy?: GatewayBudgetPolicy; }
export interface GetGatewayEndpoint { endpoint_id?: string; name?: string; }
export interface GetGatewayEndpointResponse { endpoint?: GatewayEndpoint; }
export interface GetGatewayGuardrail { guardrail_id?: string; }
export interface GetGatewayGuardrailResponse { guardrail?: GatewayGuardrail; }
export interface GetGatewayModelDefinition { model_definition_id?: string; }
export interface GetGatewayModelDefinitionResponse { model_definition?: GatewayModelDefinition; }
export interface GetGatewaySecretInfo { secret_id?: string; secret_name?: string; }
export interface GetGatewaySecretInfoResponse { secret?: GatewaySecretInfo; }
export interface GetIssue { issue_id?: string; }
export interface GetIssueResponse { issue?: Issue; }
export interface GetLabelSchema { schema_id?: string; }
export interface GetLabelSchemaByName { experiment_id?: string; name?: string; }
export interface GetLabelSchemaByNameResponse { label_schema?: LabelSchema; }
export interface GetLabelSchemaResponse { label_schema?: LabelSchema; }
export interface GetLatestVersions { name?: string; stages?: string[]; }
export interface GetLatestVersionsResponse { model_versions?: ModelVersion[]; }
export interface GetLoggedModel { model_id?: string; }
export interface GetLoggedModelResponse { model?: LoggedModel; }
export interface GetMetricHistory { run_uuid?: string; metric_key?: string; run_id?: string; page_token?: string; max_results?: number; }
export interface GetMetricHistoryBulkInterval { run_ids?: string[]; metric_key?: string; start_step?: number; end_step?: number; max_results?: number; }
export interface GetMetricHistoryBulkIntervalResponse { metrics?: MetricWithRunId[]; }
export interface GetMetricHistoryResponse { metrics?: Metric[]; next_page_token?: string; }
export interface GetModelVersion { name?: string; version?: string; }
export interface GetModelVersionByAlias { name?: string; alias?: string; }
export interface GetModelVersionByAliasResponse { model_version?: ModelVersion; }
export interface GetModelVersionDownloadUri { name?: string; version?: string; }
export interface GetModelVersionDownloadUriResponse { artifact_uri?: string; }
export interface GetModelVersionResponse { model_version?: ModelVersion; }
export interface GetOnlineTraceDetails { trace_id?: string; sql_warehouse_id?: string; source_inference_table?: string; source_databricks_request_id?: string; }
export interface GetOnlineTraceDetailsResponse { trace_data?: string; }
export interface GetOrCreateUserQueue { experiment_id?: string; user?: string; created_by?: string; }
export interface GetOrCreateUserQueueResponse { review_queue?: ReviewQueue; }
export type GetPresignedDownloadUrl = Record<string, never>;
export interface GetPresignedDownloadUrlResponse { url?: string; headers?: Record<string, string>; file_size?: number; }
export interface GetPromptOptimizationJob { job_id?: string; }
export interface GetPromptOptimizationJobResponse { job?: PromptOptimizationJob; }
export interface GetRegisteredModel { name?: string; }
export interface GetRegisteredModelResponse { registered_model?: RegisteredModel; }
export interface GetReviewQueue { queue_id?: string; }
export interface GetReviewQueueByName { experiment_id?: string; name?: string; }
export interface GetReviewQueueByNameResponse { review_queue?: ReviewQueue; }
export interface GetReviewQueueResponse { review_queue?: ReviewQueue; }
export interface GetRun { run_uuid?: string; run_id?: string; }
export interface GetRunResponse { run?: Run; }
export interface GetScorer { experiment_id?: string; name?: string; version?: number; }
export interface GetScorerResponse { scorer?: Scorer; }
export interface GetTrace { trace_id?: string; allow_partial?: boolean; }
export interface GetTraceInfo { request_id?: string; }
export interface GetTraceInfoResponse { trace_info?: TraceInfo; }
export interface GetTraceInfoV3 { trace_id?: string; }
export interface GetTraceInfoV3Response { trace?: Trace; }
export interface GetTraceResponse { trace?: Trace; }
export interface GetWebhook { webhook_id?: string; }
export interface GetWebhookResponse { webhook?: Webhook; }
export interface GetWorkspace { workspace_name?: string; }
export interface GetWorkspaceResponse { workspace?: Workspace; }
export interface InputCategorical { options?: string[]; multi_select?: boolean; }
export interface InputNumeric { min_value?: number; max_value?: number; }
export interface InputPassFail { positive_label?: string; negative_label?: string; }
export interface InputTag { key?: string; value?: string; }
export interface InputText { max_length?: number; }
export interface Issue { issue_id?: string; experiment_id?: string; name?: string; description?: string; status?: string; severity?: string; root_causes?: string[]; source_run_id?: string; created_timestamp?: number; last_updated_timestamp?: number; created_by?: string; categories?: string[]; trace_count?: number; }
export interface IssueReference { issue_name?: string; }
export interface JobProgress { phase?: string; completed?: number; total?: number; unit?: string; }
export interface JobState { status?: JobStatus; error_message?: string; metadata?: Record<string, string>; status_message?: string; progress?: JobProgress; progress_updated_at?: number; }
export interface KeyValue { key?: string; value?: AnyValue; key_strindex?: number; }
export interface KeyValueList { values?: KeyValue[]; }
export interface LabelSchema { schema_id?: string; experiment_id?: string; name?: string; type?: LabelSchemaType; instruction?: string; enable_comment?: boolean; input?: LabelSchemaInput; created_by?: string; created_at?: number; last_updated_at?: number; is_default?: boolean; }
export interface LabelSchemaInput { pass_fail?: InputPassFail; categorical?: InputCategorical; numeric?: InputNumeric; text?: InputText; }
export interface LinkPromptsToTrace { trace_id?: string; prompt_versions?: LinkPromptsToTracePromptVersionRef[]; }
export interface LinkPromptsToTracePromptVersionRef { name?: string; version?: string; }
export type LinkPromptsToTraceResponse = Record<string, never>;
export interface LinkTracesToRun { trace_ids?: string[]; run_id?: string; }
export type LinkTracesToRunResponse = Record<string, never>;
export interface ListArtifacts { run_uuid?: string; path?: string; run_id?: string; page_token?: string; }
export interface ListArtifactsResponse { root_uri?: string; files?: FileInfo[]; next_page_token?: string; }
export interface ListEndpointGuardrailConfigs { endpoint_id?: string; }
export interface ListEndpointGuardrailConfigsResponse { configs?: GatewayGuardrailConfig[]; }
export interface ListGatewayBudgetPolicies { max_results?: number; page_token?: string; }
export interface ListGatewayBudgetPoliciesResponse { budget_policies?: GatewayBudgetPolicy[]; next_page_token?: string; }
export type ListGatewayBudgetWindows = Record<string, never>;
export interface ListGatewayBudgetWindowsBudgetWindow { budget_policy_id?: string; window_start_ms?: number; window_end_ms?: number; current_spend?: number; }
export interface ListGatewayBudgetWindowsResponse { windows?: ListGatewayBudgetWindowsBudgetWindow[]; }
export interface ListGatewayEndpointBindings { endpoint_id?: string; resource_type?: string; resource_id?: string; }
export interface ListGatewayEndpointBindingsResponse { bindings?: GatewayEndpointBinding[]; }
export interface ListGatewayEndpoints { provider?: string; secret_id?: string; }
export interface ListGatewayEndpointsResponse { endpoints?: GatewayEndpoint[]; }
export interface ListGatewayGuardrails { max_results?: number; page_token?: string; }
export interface ListGatewayGuardrailsResponse { guardrails?: GatewayGuardrail[]; next_page_token?: string; }
export interface ListGatewayModelDefinitions { provider?: string; secret_id?: string; }
export interface ListGatewayModelDefinitionsResponse { model_definitions?: GatewayModelDefinition[]; }
export interface ListGatewaySecretInfos { provider?: string; }
export interface ListGatewaySecretInfosResponse { secrets?: GatewaySecretInfo[]; }
export interface ListLabelSchemas { experiment_id?: string; max_results?: number; page_token?: string; }
export interface ListLabelSchemasResponse { label_schemas?: LabelSchema[]; next_page_token?: string; }
export interface ListLoggedModelArtifacts { model_id?: string; artifact_directory_path?: string; page_token?: string; }
export interface ListLoggedModelArtifactsResponse { root_uri?: string; files?: FileInfo[]; next_page_token?: string; }
export interface ListReviewQueueItems { queue_id?: string; status?: ReviewStatus; max_results?: number; page_token?: string; }
export interface ListReviewQueueItemsResponse { items?: ReviewQueueItem[]; next_page_token?: string; }
export interface ListReviewQueues { experiment_id?: string; user?: string; max_results?: number; page_token?: string; item_id?: string; }
export interface ListReviewQueuesResponse { review_queues?: ReviewQueue[]; next_page_token?: string; }
export interface ListScorerVersions { experiment_id?: string; name?: string; }
export interface ListScorerVersionsResponse { scorers?: Scorer[]; }
export interface ListScorers { experiment_id?: string; experiment_ids?: string[]; }
export interface ListScorersResponse { scorers?: Scorer[]; }
export interface ListWebhooks { max_results?: number; page_token?: string; }
export interface ListWebhooksResponse { webhooks?: Webhook[]; next_page_token?: string; }
export type ListWorkspaces = Record<string, never>;
export interface ListWorkspacesResponse { workspaces?: Workspace[]; }
export interface LogBatch { run_id?: string; metrics?: Metric[]; params?: Param[]; tags?: RunTag[]; }
export type LogBatchResponse = Record<string, never>;
export interface LogInputs { run_id?: string; datasets?: DatasetInput[]; models?: ModelInput[]; }
export type LogInputsResponse = Record<string, never>;
export interface LogLoggedModelParamsRequest { model_id?: string; params?: LoggedModelParameter[]; }
export type LogLoggedModelParamsRequestResponse = Record<string, never>;
export interface LogMetric { run_uuid?: string; key?: string; value?: number; timestamp?: number; step?: number; run_id?: string; model_id?: string; dataset_name?: string; dataset_digest?: string; }
export type LogMetricResponse = Record<string, never>;
export interface LogModel { run_id?: string; model_json?: string; }
export type LogModelResponse = Record<string, never>;
export interface LogOutputs { run_id?: string; models?: ModelOutput[]; }
export type LogOutputsResponse = Record<string, never>;
export interface LogParam { run_uuid?: string; key?: string; value?: string; run_id?: string; }
export type LogParamResponse = Record<string, never>;
export interface LoggedModel { info?: LoggedModelInfo; data?: LoggedModelData; }
export interface LoggedModelData { params?: LoggedModelParameter[]; metrics?: Metric[]; }
export interface LoggedModelInfo { model_id?: string; experiment_id?: string; name?: string; creation_timestamp_ms?: number; last_updated_timestamp_ms?: number; artifact_uri?: string; status?: LoggedModelStatus; creator_id?: number; model_type?: string; source_run_id?: string; status_message?: string; tags?: LoggedModelTag[]; registrations?: LoggedModelRegistrationInfo[]; }
export interface LoggedModelParameter { key?: string; value?: string; }
export interface LoggedModelRegistrationInfo { name?: string; version?: string; }
export interface LoggedModelTag { key?: string; value?: string; }
export interface Metric { key?: string; value?: number; timestamp?: number; step?: number; dataset_name?: string; dataset_digest?: string; model_id?: string; run_id?: string; }
export interface MetricAggregation { aggregation_type?: AggregationType; percentile_value?: number; }
export interface MetricDataPoint { metric_name?: string; dimensions?: Record<string, string>; values?: Record<string, number>; }
export interface MetricWithRunId { key?: string; value?: number; timestamp?: number; step?: number; run_id?: string; }
export interface ModelInput { model_id?: string; }
export interface ModelMetric { key?: string; value?: number; timestamp?: number; step?: number; dataset_name?: string; dataset_digest?: string; model_id?: string; run_id?: string; }
export interface ModelOutput { model_id?: string; step?: number; }
export interface ModelParam { name?: string; value?: string; }
export interface ModelVersion { name?: string; version?: string; creation_timestamp?: number; last_updated_timestamp?: number; user_id?: string; current_stage?: string; description?: string; source?: string; run_id?: string; status?: ModelVersionStatus; status_message?: string; tags?: ModelVersionTag[]; run_link?: string; aliases?: string[]; model_id?: string; model_params?: ModelParam[]; model_metrics?: ModelMetric[]; deployment_job_state?: ModelVersionDeploymentJobState; }
export interface ModelVersionDeploymentJobState { job_id?: string; run_id?: string; job_state?: DeploymentJobConnectionState; run_state?: ModelVersionDeploymentJobStateDeploymentJobRunState; current_task_name?: string; }
export interface ModelVersionTag { key?: string; value?: string; }
export interface MultipartUploadCredential { url?: string; part_number?: number; headers?: Record<string, string>; }
export interface MultipartUploadPart { part_number?: number; etag?: string; url?: string; }
export interface Param { key?: string; value?: string; }
export interface PromptOptimizationJob { job_id?: string; run_id?: string; state?: JobState; experiment_id?: string; source_prompt_uri?: string; optimized_prompt_uri?: string; config?: PromptOptimizationJobConfig; creation_timestamp_ms?: number; completion_timestamp_ms?: number; tags?: PromptOptimizationJobTag[]; initial_eval_scores?: Record<string, number>; final_eval_scores?: Record<string, number>; }
export interface PromptOptimizationJobConfig { optimizer_type?: OptimizerType; dataset_id?: string; scorers?: string[]; optimizer_config_json?: string; }
export interface PromptOptimizationJobTag { key?: string; value?: string; }
export interface QueryTraceMetrics { experiment_ids?: string[]; view_type?: MetricViewType; metric_name?: string; aggregations?: MetricAggregation[]; dimensions?: string[]; filters?: string[]; time_interval_seconds?: number; start_time_ms?: number; end_time_ms?: number; max_results?: number; page_token?: string; }
export interface QueryTraceMetricsResponse { data_points?: MetricDataPoint[]; next_page_token?: string; }
export interface RegisterScorer { experiment_id?: string; name?: string; serialized_scorer?: string; }
export interface RegisterScorerResponse { version?: number; scorer_id?: string; experiment_id?: string; name?: string; serialized_scorer?: string; creation_time?: number; }
export interface RegisteredModel { name?: string; creation_timestamp?: number; last_updated_timestamp?: number; user_id?: string; description?: string; latest_versions?: ModelVersion[]; tags?: RegisteredModelTag[]; aliases?: RegisteredModelAlias[]; deployment_job_id?: string; deployment_job_state?: DeploymentJobConnectionState; }
export interface RegisteredModelAlias { alias?: string; version?: string; }
export interface RegisteredModelTag { key?: string; value?: string; }
export interface RemoveDatasetFromExperiments { dataset_id?: string; experiment_ids?: string[]; }
export interface RemoveDatasetFromExperimentsResponse { dataset?: DatasetsDataset; }
export interface RemoveGuardrailFromEndpoint { endpoint_id?: string; guardrail_id?: string; }
export type RemoveGuardrailFromEndpointResponse = Record<string, never>;
export interface RemoveItemsFromReviewQueue { queue_id?: string; item_ids?: string[]; }
export type RemoveItemsFromReviewQueueResponse = Record<string, never>;
export interface RenameRegisteredModel { name?: string; new_name?: string; }
export interface RenameRegisteredModelResponse { registered_model?: RegisteredModel; }
export interface RestoreExperiment { experiment_id?: string; }
export type RestoreExperimentResponse = Record<string, never>;
export interface RestoreRun { run_id?: string; }
export type RestoreRunResponse = Record<string, never>;
export interface ReviewQueue { queue_id?: string; experiment_id?: string; name?: string; queue_type?: ReviewQueueType; created_by?: string; creation_time_ms?: number; last_update_time_ms?: number; users?: string[]; schema_ids?: string[]; }
export interface ReviewQueueItem { queue_id?: string; item_type?: ReviewItemType; item_id?: string; status?: ReviewStatus; completed_by?: string; completed_time_ms?: number; creation_time_ms?: number; last_update_time_ms?: number; }
export interface Run { info?: RunInfo; data?: RunData; inputs?: RunInputs; outputs?: RunOutputs; }
export interface RunData { metrics?: Metric[]; params?: Param[]; tags?: RunTag[]; }
export interface RunInfo { run_uuid?: string; experiment_id?: string; run_name?: string; user_id?: string; status?: RunStatus; start_time?: number; end_time?: number; artifact_uri?: string; lifecycle_stage?: string; run_id?: string; }
export interface RunInputs { dataset_inputs?: DatasetInput[]; model_inputs?: ModelInput[]; }
export interface RunOutputs { model_outputs?: ModelOutput[]; }
export interface RunTag { key?: string; value?: string; }
export interface Scorer { experiment_id?: number; scorer_name?: string; scorer_version?: number; serialized_scorer?: string; creation_time?: number; scorer_id?: string; }
export interface SearchDatasets { experiment_ids?: string[]; }
export interface SearchDatasetsResponse { dataset_summaries?: DatasetSummary[]; }
export interface SearchEvaluationDatasets { experiment_ids?: string[]; filter_string?: string; max_results?: number; order_by?: string[]; page_token?: string; }
export interface SearchEvaluationDatasetsResponse { datasets?: DatasetsDataset[]; next_page_token?: string; }
export interface SearchExperiments { max_results?: number; page_token?: string; filter?: string; order_by?: string[]; view_type?: ViewType; }
export interface SearchExperimentsResponse { experiments?: Experiment[]; next_page_token?: string; }
export interface SearchIssues { experiment_id?: string; filter_string?: string; max_results?: number; page_token?: string; include_trace_count?: boolean; }
export interface SearchIssuesResponse { issues?: Issue[]; next_page_token?: string; }
export interface SearchLoggedModels { experiment_ids?: string[]; filter?: string; max_results?: number; order_by?: SearchLoggedModelsOrderBy[]; page_token?: string; datasets?: SearchLoggedModelsDataset[]; }
export interface SearchLoggedModelsDataset { dataset_name?: string; dataset_digest?: string; }
export interface SearchLoggedModelsOrderBy { field_name?: string; ascending?: boolean; dataset_name?: string; dataset_digest?: string; }
export interface SearchLoggedModelsResponse { models?: LoggedModel[]; next_page_token?: string; }
export interface SearchModelVersions { filter?: string; max_results?: number; order_by?: string[]; page_token?: string; }
export interface SearchModelVersionsResponse { model_versions?: ModelVersion[]; next_page_token?: string; }
export interface SearchPromptOptimizationJobs { experiment_id?: string; }
export interface SearchPromptOptimizationJobsResponse { jobs?: PromptOptimizationJob[]; }
export interface SearchRegisteredModels { filter?: string; max_results?: number; order_by?: string[]; page_token?: string; }
export interface SearchRegisteredModelsResponse { registered_models?: RegisteredModel[]; next_page_token?: string; }
export interface SearchRuns { experiment_ids?: string[]; run_view_type?: ViewType; filter?: string; max_results?: number; order_by?: string[]; page_token?: string; }
export interface SearchRunsResponse { runs?: Run[]; next_page_token?: string; }
export interface SearchTraces { experiment_ids?: string[]; filter?: string; max_results?: number; order_by?: string[]; page_token?: string; }
export interface SearchTracesResponse { traces?: TraceInfo[]; next_page_token?: string; }
export interface SearchTracesV3 { locations?: TraceLocation[]; filter?: string; max_results?: number; order_by?: string[]; page_token?: string; }
export interface SearchTracesV3Response { traces?: TraceInfoV3[]; next_page_token?: string; }
export interface SearchUnifiedTraces { model_id?: string; sql_warehouse_id?: string; experiment_ids?: string[]; filter?: string; max_results?: number; order_by?: string[]; page_token?: string; }
export interface SearchUnifiedTracesResponse { traces?: TraceInfo[]; next_page_token?: string; }
export interface SetDatasetTags { dataset_id?: string; tags?: string; }
export interface SetDatasetTagsResponse { dataset?: DatasetsDataset; }
export interface SetExperimentTag { experiment_id?: string; key?: string; value?: string; }
export type SetExperimentTagResponse = Record<string, never>;
export interface SetGatewayEndpointTag { endpoint_id?: string; key?: string; value?: string; }
export type SetGatewayEndpointTagResponse = Record<string, never>;
export interface SetLoggedModelTags { model_id?: string; tags?: LoggedModelTag[]; }
export interface SetLoggedModelTagsResponse { model?: LoggedModel; }
export interface SetModelVersionTag { name?: string; version?: string; key?: string; value?: string; }
export type SetModelVersionTagResponse = Record<string, never>;
export interface SetRegisteredModelAlias { name?: string; alias?: string; version?: string; }
export type SetRegisteredModelAliasResponse = Record<string, never>;
export interface SetRegisteredModelTag { name?: string; key?: string; value?: string; }
export type SetRegisteredModelTagResponse = Record<string, never>;
export interface SetReviewQueueItemStatus { queue_id?: string; item_id?: string; status?: ReviewStatus; completed_by?: string; }
export interface SetReviewQueueItemStatusResponse { item?: ReviewQueueItem; }
export interface SetTag { run_uuid?: string; key?: string; value?: string; run_id?: string; }
export type SetTagResponse = Record<string, never>;
export interface SetTraceTag { request_id?: string; key?: string; value?: string; }
export type SetTraceTagResponse = Record<string, never>;
export interface SetTraceTagV3 { key?: string; value?: string; trace_id?: string; }
export type SetTraceTagV3Response = Record<string, never>;
export interface Span { trace_id?: string; span_id?: string; trace_state?: string; parent_span_id?: string; name?: string; kind?: SpanSpanKind; start_time_unix_nano?: number; end_time_unix_nano?: number; attributes?: KeyValue[]; dropped_attributes_count?: number; events?: SpanEvent[]; dropped_events_count?: number; links?: SpanLink[]; dropped_links_count?: number; status?: Status; flags?: number; }
export interface SpanEvent { time_unix_nano?: number; name?: string; attributes?: KeyValue[]; dropped_attributes_count?: number; }
export interface SpanLink { trace_id?: string; span_id?: string; trace_state?: string; attributes?: KeyValue[]; dropped_attributes_count?: number; flags?: number; }
export interface StartTrace { experiment_id?: string; timestamp_ms?: number; request_metadata?: TraceRequestMetadata[]; tags?: TraceTag[]; }
export interface StartTraceResponse { trace_info?: TraceInfo; }
export interface StartTraceV3 { trace?: Trace; }
export interface StartTraceV3Response { trace?: Trace; }
export interface Status { message?: string; code?: StatusStatusCode; }
export interface TestWebhook { webhook_id?: string; event?: WebhookEvent; }
export interface TestWebhookResponse { result?: WebhookTestResult; }
export interface Trace { trace_info?: TraceInfoV3; spans?: Span[]; }
export interface TraceArchivalConfig { location?: string; retention?: string; }
export interface TraceInfo { request_id?: string; experiment_id?: string; timestamp_ms?: number; execution_time_ms?: number; status?: TraceStatus; request_metadata?: TraceRequestMetadata[]; tags?: TraceTag[]; }
export interface TraceInfoV3 { trace_id?: string; client_request_id?: string; trace_location?: TraceLocation; request?: string; response?: string; request_time?: string; execution_duration?: string; state?: TraceInfoV3State; trace_metadata?: Record<string, string>; assessments?: Assessment[]; tags?: Record<string, string>; request_preview?: string; response_preview?: string; }
export interface TraceLocation { type?: TraceLocationTraceLocationType; mlflow_experiment?: TraceLocationMlflowExperimentLocation; inference_table?: TraceLocationInferenceTableLocation; }
export interface TraceLocationInferenceTableLocation { full_table_name?: string; }
export interface TraceLocationMlflowExperimentLocation { experiment_id?: string; }
export interface TraceRequestMetadata { key?: string; value?: string; }
export interface TraceTag { key?: string; value?: string; }
export interface TransitionModelVersionStage { name?: string; version?: string; stage?: string; archive_existing_versions?: boolean; }
export interface TransitionModelVersionStageResponse { model_version?: ModelVersion; }
export interface UpdateAssessment { assessment?: Assessment; update_mask?: FieldMask; }
export interface UpdateAssessmentResponse { assessment?: Assessment; }
export interface UpdateEndpointGuardrailConfig { endpoint_id?: string; guardrail_id?: string; execution_order?: number; }
export interface UpdateEndpointGuardrailConfigResponse { config?: GatewayGuardrailConfig; }
export interface UpdateExperiment { experiment_id?: string; new_name?: string; }
export type UpdateExperimentResponse = Record<string, never>;
export interface UpdateGatewayBudgetPolicy { budget_policy_id?: string; budget_unit?: BudgetUnit; budget_amount?: number; duration?: BudgetDuration; target_scope?: BudgetTargetScope; budget_action?: BudgetAction; updated_by?: string; target_value?: string; }
export interface UpdateGatewayBudgetPolicyResponse { budget_policy?: GatewayBudgetPolicy; }
export interface UpdateGatewayEndpoint { endpoint_id?: string; name?: string; updated_by?: string; model_configs?: GatewayEndpointModelConfig[]; routing_strategy?: RoutingStrategy; fallback_config?: FallbackConfig; experiment_id?: string; usage_tracking?: boolean; }
export interface UpdateGatewayEndpointResponse { endpoint?: GatewayEndpoint; }
export interface UpdateGatewayModelDefinition { model_definition_id?: string; name?: string; secret_id?: string; model_name?: string; updated_by?: string; provider?: string; }
export interface UpdateGatewayModelDefinitionResponse { model_definition?: GatewayModelDefinition; }
export interface UpdateGatewaySecret { secret_id?: string; secret_value?: Record<string, string>; auth_config?: Record<string, string>; updated_by?: string; }
export interface UpdateGatewaySecretResponse { secret?: GatewaySecretInfo; }
export interface UpdateIssue { issue_id?: string; name?: string; description?: string; status?: string; severity?: string; }
export interface UpdateIssueResponse { issue?: Issue; }
export interface UpdateLabelSchema { schema_id?: string; name?: string; instruction?: string; enable_comment?: boolean; input?: LabelSchemaInput; }
export interface UpdateLabelSchemaResponse { label_schema?: LabelSchema; }
export interface UpdateModelVersion { name?: string; version?: string; description?: string; }
export interface UpdateModelVersionResponse { model_version?: ModelVersion; }
export interface UpdateRegisteredModel { name?: string; description?: string; deployment_job_id?: string; }
export interface UpdateRegisteredModelResponse { registered_model?: RegisteredModel; }
export interface UpdateReviewQueue { queue_id?: string; update_users?: boolean; users?: string[]; update_schema_ids?: boolean; schema_ids?: string[]; name?: string; new_owner?: string; }
export interface UpdateReviewQueueResponse { review_queue?: ReviewQueue; }
export interface UpdateRun { run_uuid?: string; status?: RunStatus; end_time?: number; run_id?: string; run_name?: string; }
export interface UpdateRunResponse { run_info?: RunInfo; }
export interface UpdateWebhook { webhook_id?: string; name?: string; description?: string; url?: string; events?: WebhookEvent[]; secret?: string; status?: WebhookStatus; }
export interface UpdateWebhookResponse { webhook?: Webhook; }
export interface UpdateWorkspace { workspace_name?: string; description?: string; default_artifact_root?: string; trace_archival_config?: TraceArchivalConfig; }
export interface UpdateWorkspaceResponse { workspace?: Workspace; }
export type UploadArtifact = Record<string, never>;
export type UploadArtifactResponse = Record<string, never>;
export interface UpsertDatasetRecords { dataset_id?: string; records?: string; updated_by?: string; }
export interface UpsertDatasetRecordsResponse { inserted_count?: number; updated_count?: number; }
export interface Webhook { webhook_id?: string; name?: string; description?: string; url?: string; events?: WebhookEvent[]; status?: WebhookStatus; creation_timestamp?: number; last_updated_timestamp?: number; }
export interface WebhookEvent { entity?: WebhookEntity; action?: WebhookAction; }
export interface WebhookTestResult { success?: boolean; response_status?: number; response_body?: string; error_message?: string; }
export interface Workspace { name?: string; description?: string; default_artifact_root?: string; trace_archival_config?: TraceArchivalConfig; }

/** Request and response of every remote call. */
export interface Rpcs {
  getExperimentByName: { request: GetExperimentByName; response: GetExperimentByNameResponse };
  createExperiment: { request: CreateExperiment; response: CreateExperimentResponse };
  searchExperiments: { request: SearchExperiments; response: SearchExperimentsResponse };
  getExperiment: { request: GetExperiment; response: GetExperimentResponse };
  deleteExperiment: { request: DeleteExperiment; response: DeleteExperimentResponse };
  restoreExperiment: { request: RestoreExperiment; response: RestoreExperimentResponse };
  updateExperiment: { request: UpdateExperiment; response: UpdateExperimentResponse };
  createRun: { request: CreateRun; response: CreateRunResponse };
  updateRun: { request: UpdateRun; response: UpdateRunResponse };
  deleteRun: { request: DeleteRun; response: DeleteRunResponse };
  restoreRun: { request: RestoreRun; response: RestoreRunResponse };
  logMetric: { request: LogMetric; response: LogMetricResponse };
  logParam: { request: LogParam; response: LogParamResponse };
  setExperimentTag: { request: SetExperimentTag; response: SetExperimentTagResponse };
  deleteExperimentTag: { request: DeleteExperimentTag; response: DeleteExperimentTagResponse };
  setTag: { request: SetTag; response: SetTagResponse };
  setTraceTag: { request: SetTraceTag; response: SetTraceTagResponse };
  setTraceTagV3: { request: SetTraceTagV3; response: SetTraceTagV3Response };
  deleteTraceTag: { request: DeleteTraceTag; response: DeleteTraceTagResponse };
  deleteTraceTagV3: { request: DeleteTraceTagV3; response: DeleteTraceTagV3Response };
  deleteTag: { request: DeleteTag; response: DeleteTagResponse };
  getRun: { request: GetRun; response: GetRunResponse };
  searchRuns: { request: SearchRuns; response: SearchRunsResponse };
  listArtifacts: { request: ListArtifacts; response: ListArtifactsResponse };
  createPresignedUploadUrl: { request: CreatePresignedUploadUrl; response: CreatePresignedUploadUrlResponse };
  createPresignedDownloadUrl: { request: CreatePresignedDownloadUrl; response: CreatePresignedDownloadUrlResponse };
  getMetricHistory: { request: GetMetricHistory; response: GetMetricHistoryResponse };
  getMetricHistoryBulkInterval: { request: GetMetricHistoryBulkInterval; response: GetMetricHistoryBulkIntervalResponse };
  logBatch: { request: LogBatch; response: LogBatchResponse };
  logModel: { request: LogModel; response: LogModelResponse };
  logInputs: { request: LogInputs; response: LogInputsResponse };
  logOutputs: { request: LogOutputs; response: LogOutputsResponse };
  searchDatasets: { request: SearchDatasets; response: SearchDatasetsResponse };
  startTrace: { request: StartTrace; response: StartTraceResponse };
  endTrace: { request: EndTrace; response: EndTraceResponse };
  getTraceInfo: { request: GetTraceInfo; response: GetTraceInfoResponse };
  getTraceInfoV3: { request: GetTraceInfoV3; response: GetTraceInfoV3Response };
  getTrace: { request: GetTrace; response: GetTraceResponse };
  batchGetTraces: { request: BatchGetTraces; response: BatchGetTracesResponse };
  batchGetTraceInfos: { request: BatchGetTraceInfos; response: BatchGetTraceInfosResponse };
  searchTraces: { request: SearchTraces; response: SearchTracesResponse };
  searchTracesV3: { request: SearchTracesV3; response: SearchTracesV3Response };
  startTraceV3: { request: StartTraceV3; response: StartTraceV3Response };
  linkTracesToRun: { request: LinkTracesToRun; response: LinkTracesToRunResponse };
  linkPromptsToTrace: { request: LinkPromptsToTrace; response: LinkPromptsToTraceResponse };
  searchUnifiedTraceHandler: { request: SearchUnifiedTraces; response: SearchUnifiedTracesResponse };
  getOnlineTraceDetails: { request: GetOnlineTraceDetails; response: GetOnlineTraceDetailsResponse };
  deleteTraces: { request: DeleteTraces; response: DeleteTracesResponse };
  deleteTracesV3: { request: DeleteTracesV3; response: DeleteTracesV3Response };
  calculateTraceFilterCorrelation: { request: CalculateTraceFilterCorrelation; response: CalculateTraceFilterCorrelationResponse };
  queryTraceMetrics: { request: QueryTraceMetrics; response: QueryTraceMetricsResponse };
  listWorkspaces: { request: ListWorkspaces; response: ListWorkspacesResponse };
  createWorkspace: { request: CreateWorkspace; response: CreateWorkspaceResponse };
  getWorkspace: { request: GetWorkspace; response: GetWorkspaceResponse };
  updateWorkspace: { request: UpdateWorkspace; response: UpdateWorkspaceResponse };
  deleteWorkspace: { request: DeleteWorkspace; response: DeleteWorkspaceResponse };
  createLoggedModel: { request: CreateLoggedModel; response: CreateLoggedModelResponse };
  finalizeLoggedModel: { request: FinalizeLoggedModel; response: FinalizeLoggedModelResponse };
  getLoggedModel: { request: GetLoggedModel; response: GetLoggedModelResponse };
  deleteLoggedModel: { request: DeleteLoggedModel; response: DeleteLoggedModelResponse };
  searchLoggedModels: { request: SearchLoggedModels; response: SearchLoggedModelsResponse };
  setLoggedModelTags: { request: SetLoggedModelTags; response: SetLoggedModelTagsResponse };
  deleteLoggedModelTag: { request: DeleteLoggedModelTag; response: DeleteLoggedModelTagResponse };
  listLoggedModelArtifacts: { request: ListLoggedModelArtifacts; response: ListLoggedModelArtifactsResponse };
  logLoggedModelParams: { request: LogLoggedModelParamsRequest; response: LogLoggedModelParamsRequestResponse };
  getAssessment: { request: GetAssessmentRequest; response: GetAssessmentRequestResponse };
  createAssessment: { request: CreateAssessment; response: CreateAssessmentResponse };
  updateAssessment: { request: UpdateAssessment; response: UpdateAssessmentResponse };
  deleteAssessment: { request: DeleteAssessment; response: DeleteAssessmentResponse };
  createIssue: { request: CreateIssue; response: CreateIssueResponse };
  updateIssue: { request: UpdateIssue; response: UpdateIssueResponse };
  getIssue: { request: GetIssue; response: GetIssueResponse };
  searchIssues: { request: SearchIssues; response: SearchIssuesResponse };
  createLabelSchema: { request: CreateLabelSchema; response: CreateLabelSchemaResponse };
  getLabelSchema: { request: GetLabelSchema; response: GetLabelSchemaResponse };
  getLabelSchemaByName: { request: GetLabelSchemaByName; response: GetLabelSchemaByNameResponse };
  listLabelSchemas: { request: ListLabelSchemas; response: ListLabelSchemasResponse };
  updateLabelSchema: { request: UpdateLabelSchema; response: UpdateLabelSchemaResponse };
  deleteLabelSchema: { request: DeleteLabelSchema; response: DeleteLabelSchemaResponse };
  createDataset: { request: CreateDataset; response: CreateDatasetResponse };
  getDataset: { request: GetDataset; response: GetDatasetResponse };
  deleteDataset: { request: DeleteDataset; response: DeleteDatasetResponse };
  searchEvaluationDatasets: { request: SearchEvaluationDatasets; response: SearchEvaluationDatasetsResponse };
  setDatasetTags: { request: SetDatasetTags; response: SetDatasetTagsResponse };
  deleteDatasetTag: { request: DeleteDatasetTag; response: DeleteDatasetTagResponse };
  upsertDatasetRecords: { request: UpsertDatasetRecords; response: UpsertDatasetRecordsResponse };
  getDatasetExperimentIds: { request: GetDatasetExperimentIds; response: GetDatasetExperimentIdsResponse };
  registerScorer: { request: RegisterScorer; response: RegisterScorerResponse };
  listScorers: { request: ListScorers; response: ListScorersResponse };
  listScorerVersions: { request: ListScorerVersions; response: ListScorerVersionsResponse };
  getScorer: { request: GetScorer; response: GetScorerResponse };
  deleteScorer: { request: DeleteScorer; response: DeleteScorerResponse };
  getDatasetRecords: { request: GetDatasetRecords; response: GetDatasetRecordsResponse };
  deleteDatasetRecords: { request: DeleteDatasetRecords; response: DeleteDatasetRecordsResponse };
  addDatasetToExperiments: { request: AddDatasetToExperiments; response: AddDatasetToExperimentsResponse };
  removeDatasetFromExperiments: { request: RemoveDatasetFromExperiments; response: RemoveDatasetFromExperimentsResponse };
  createGatewaySecret: { request: CreateGatewaySecret; response: CreateGatewaySecretResponse };
  getGatewaySecretInfo: { request: GetGatewaySecretInfo; response: GetGatewaySecretInfoResponse };
  updateGatewaySecret: { request: UpdateGatewaySecret; response: UpdateGatewaySecretResponse };
  deleteGatewaySecret: { request: DeleteGatewaySecret; response: DeleteGatewaySecretResponse };
  listGatewaySecretInfos: { request: ListGatewaySecretInfos; response: ListGatewaySecretInfosResponse };
  createGatewayEndpoint: { request: CreateGatewayEndpoint; response: CreateGatewayEndpointResponse };
  getGatewayEndpoint: { request: GetGatewayEndpoint; response: GetGatewayEndpointResponse };
  updateGatewayEndpoint: { request: UpdateGatewayEndpoint; response: UpdateGatewayEndpointResponse };
  deleteGatewayEndpoint: { request: DeleteGatewayEndpoint; response: DeleteGatewayEndpointResponse };
  listGatewayEndpoints: { request: ListGatewayEndpoints; response: ListGatewayEndpointsResponse };
  createGatewayModelDefinition: { request: CreateGatewayModelDefinition; response: CreateGatewayModelDefinitionResponse };
  getGatewayModelDefinition: { request: GetGatewayModelDefinition; response: GetGatewayModelDefinitionResponse };
  listGatewayModelDefinitions: { request: ListGatewayModelDefinitions; response: ListGatewayModelDefinitionsResponse };
  updateGatewayModelDefinition: { request: UpdateGatewayModelDefinition; response: UpdateGatewayModelDefinitionResponse };
  deleteGatewayModelDefinition: { request: DeleteGatewayModelDefinition; response: DeleteGatewayModelDefinitionResponse };
  attachModelToEndpoint: { request: AttachModelToGatewayEndpoint; response: AttachModelToGatewayEndpointResponse };
  detachModelFromEndpoint: { request: DetachModelFromGatewayEndpoint; response: DetachModelFromGatewayEndpointResponse };
  createEndpointBinding: { request: CreateGatewayEndpointBinding; response: CreateGatewayEndpointBindingResponse };
  deleteEndpointBinding: { request: DeleteGatewayEndpointBinding; response: DeleteGatewayEndpointBindingResponse };
  listEndpointBindings: { request: ListGatewayEndpointBindings; response: ListGatewayEndpointBindingsResponse };
  setGatewayEndpointTag: { request: SetGatewayEndpointTag; response: SetGatewayEndpointTagResponse };
  deleteGatewayEndpointTag: { request: DeleteGatewayEndpointTag; response: DeleteGatewayEndpointTagResponse };
  createBudgetPolicy: { request: CreateGatewayBudgetPolicy; response: CreateGatewayBudgetPolicyResponse };
  getBudgetPolicy: { request: GetGatewayBudgetPolicy; response: GetGatewayBudgetPolicyResponse };
  updateBudgetPolicy: { request: UpdateGatewayBudgetPolicy; response: UpdateGatewayBudgetPolicyResponse };
  deleteBudgetPolicy: { request: DeleteGatewayBudgetPolicy; response: DeleteGatewayBudgetPolicyResponse };
  listBudgetPolicies: { request: ListGatewayBudgetPolicies; response: ListGatewayBudgetPoliciesResponse };
  listBudgetWindows: { request: ListGatewayBudgetWindows; response: ListGatewayBudgetWindowsResponse };
  createGatewayGuardrail: { request: CreateGatewayGuardrail; response: CreateGatewayGuardrailResponse };
  getGatewayGuardrail: { request: GetGatewayGuardrail; response: GetGatewayGuardrailResponse };
  deleteGatewayGuardrail: { request: DeleteGatewayGuardrail; response: DeleteGatewayGuardrailResponse };
  listGatewayGuardrails: { request: ListGatewayGuardrails; response: ListGatewayGuardrailsResponse };
  addGuardrailToEndpoint: { request: AddGuardrailToEndpoint; response: AddGuardrailToEndpointResponse };
  removeGuardrailFromEndpoint: { request: RemoveGuardrailFromEndpoint; response: RemoveGuardrailFromEndpointResponse };
  listEndpointGuardrailConfigs: { request: ListEndpointGuardrailConfigs; response: ListEndpointGuardrailConfigsResponse };
  updateEndpointGuardrailConfig: { request: UpdateEndpointGuardrailConfig; response: UpdateEndpointGuardrailConfigResponse };
  createPromptOptimizationJob: { request: CreatePromptOptimizationJob; response: CreatePromptOptimizationJobResponse };
  getPromptOptimizationJob: { request: GetPromptOptimizationJob; response: GetPromptOptimizationJobResponse };
  searchPromptOptimizationJobs: { request: SearchPromptOptimizationJobs; response: SearchPromptOptimizationJobsResponse };
  cancelPromptOptimizationJob: { request: CancelPromptOptimizationJob; response: CancelPromptOptimizationJobResponse };
  deletePromptOptimizationJob: { request: DeletePromptOptimizationJob; response: DeletePromptOptimizationJobResponse };
  createReviewQueue: { request: CreateReviewQueue; response: CreateReviewQueueResponse };
  getOrCreateUserQueue: { request: GetOrCreateUserQueue; response: GetOrCreateUserQueueResponse };
  getReviewQueue: { request: GetReviewQueue; response: GetReviewQueueResponse };
  getReviewQueueByName: { request: GetReviewQueueByName; response: GetReviewQueueByNameResponse };
  listReviewQueues: { request: ListReviewQueues; response: ListReviewQueuesResponse };
  updateReviewQueue: { request: UpdateReviewQueue; response: UpdateReviewQueueResponse };
  deleteReviewQueue: { request: DeleteReviewQueue; response: DeleteReviewQueueResponse };
  addItemsToReviewQueue: { request: AddItemsToReviewQueue; response: AddItemsToReviewQueueResponse };
  removeItemsFromReviewQueue: { request: RemoveItemsFromReviewQueue; response: RemoveItemsFromReviewQueueResponse };
  listReviewQueueItems: { request: ListReviewQueueItems; response: ListReviewQueueItemsResponse };
  setReviewQueueItemStatus: { request: SetReviewQueueItemStatus; response: SetReviewQueueItemStatusResponse };
  createRegisteredModel: { request: CreateRegisteredModel; response: CreateRegisteredModelResponse };
  renameRegisteredModel: { request: RenameRegisteredModel; response: RenameRegisteredModelResponse };
  updateRegisteredModel: { request: UpdateRegisteredModel; response: UpdateRegisteredModelResponse };
  deleteRegisteredModel: { request: DeleteRegisteredModel; response: DeleteRegisteredModelResponse };
  getRegisteredModel: { request: GetRegisteredModel; response: GetRegisteredModelResponse };
  searchRegisteredModels: { request: SearchRegisteredModels; response: SearchRegisteredModelsResponse };
  getLatestVersions: { request: GetLatestVersions; response: GetLatestVersionsResponse };
  createModelVersion: { request: CreateModelVersion; response: CreateModelVersionResponse };
  updateModelVersion: { request: UpdateModelVersion; response: UpdateModelVersionResponse };
  transitionModelVersionStage: { request: TransitionModelVersionStage; response: TransitionModelVersionStageResponse };
  deleteModelVersion: { request: DeleteModelVersion; response: DeleteModelVersionResponse };
  getModelVersion: { request: GetModelVersion; response: GetModelVersionResponse };
  searchModelVersions: { request: SearchModelVersions; response: SearchModelVersionsResponse };
  getModelVersionDownloadUri: { request: GetModelVersionDownloadUri; response: GetModelVersionDownloadUriResponse };
  setRegisteredModelTag: { request: SetRegisteredModelTag; response: SetRegisteredModelTagResponse };
  setModelVersionTag: { request: SetModelVersionTag; response: SetModelVersionTagResponse };
  deleteRegisteredModelTag: { request: DeleteRegisteredModelTag; response: DeleteRegisteredModelTagResponse };
  deleteModelVersionTag: { request: DeleteModelVersionTag; response: DeleteModelVersionTagResponse };
  setRegisteredModelAlias: { request: SetRegisteredModelAlias; response: SetRegisteredModelAliasResponse };
  deleteRegisteredModelAlias: { request: DeleteRegisteredModelAlias; response: DeleteRegisteredModelAliasResponse };
  getModelVersionByAlias: { request: GetModelVersionByAlias; response: GetModelVersionByAliasResponse };
  downloadArtifact: { request: DownloadArtifact; response: DownloadArtifactResponse };
  uploadArtifact: { request: UploadArtifact; response: UploadArtifactResponse };
  artifactsListArtifacts: { request: ArtifactsListArtifacts; response: ArtifactsListArtifactsResponse };
  deleteArtifact: { request: DeleteArtifact; response: DeleteArtifactResponse };
  createMultipartUpload: { request: CreateMultipartUpload; response: CreateMultipartUploadResponse };
  completeMultipartUpload: { request: CompleteMultipartUpload; response: CompleteMultipartUploadResponse };
  abortMultipartUpload: { request: AbortMultipartUpload; response: AbortMultipartUploadResponse };
  getPresignedDownloadUrl: { request: GetPresignedDownloadUrl; response: GetPresignedDownloadUrlResponse };
  createWebhook: { request: CreateWebhook; response: CreateWebhookResponse };
  listWebhooks: { request: ListWebhooks; response: ListWebhooksResponse };
  getWebhook: { request: GetWebhook; response: GetWebhookResponse };
  updateWebhook: { request: UpdateWebhook; response: UpdateWebhookResponse };
  deleteWebhook: { request: DeleteWebhook; response: DeleteWebhookResponse };
  testWebhook: { request: TestWebhook; response: TestWebhookResponse };
}

/** [call, HTTP method, path below /api and /ajax-api, request message, response message] */
export const ENDPOINTS: readonly (readonly [keyof Rpcs, HttpMethod, string, string, string])[] = [
  ["getExperimentByName", "GET", "/2.0/mlflow/experiments/get-by-name", "GetExperimentByName", "GetExperimentByNameResponse"],
  ["createExperiment", "POST", "/2.0/mlflow/experiments/create", "CreateExperiment", "CreateExperimentResponse"],
  ["searchExperiments", "POST", "/2.0/mlflow/experiments/search", "SearchExperiments", "SearchExperimentsResponse"],
  ["searchExperiments", "GET", "/2.0/mlflow/experiments/search", "SearchExperiments", "SearchExperimentsResponse"],
  ["getExperiment", "GET", "/2.0/mlflow/experiments/get", "GetExperiment", "GetExperimentResponse"],
  ["deleteExperiment", "POST", "/2.0/mlflow/experiments/delete", "DeleteExperiment", "DeleteExperimentResponse"],
  ["restoreExperiment", "POST", "/2.0/mlflow/experiments/restore", "RestoreExperiment", "RestoreExperimentResponse"],
  ["updateExperiment", "POST", "/2.0/mlflow/experiments/update", "UpdateExperiment", "UpdateExperimentResponse"],
  ["createRun", "POST", "/2.0/mlflow/runs/create", "CreateRun", "CreateRunResponse"],
  ["updateRun", "POST", "/2.0/mlflow/runs/update", "UpdateRun", "UpdateRunResponse"],
  ["deleteRun", "POST", "/2.0/mlflow/runs/delete", "DeleteRun", "DeleteRunResponse"],
  ["restoreRun", "POST", "/2.0/mlflow/runs/restore", "RestoreRun", "RestoreRunResponse"],
  ["logMetric", "POST", "/2.0/mlflow/runs/log-metric", "LogMetric", "LogMetricResponse"],
  ["logParam", "POST", "/2.0/mlflow/runs/log-parameter", "LogParam", "LogParamResponse"],
  ["setExperimentTag", "POST", "/2.0/mlflow/experiments/set-experiment-tag", "SetExperimentTag", "SetExperimentTagResponse"],
  ["deleteExperimentTag", "POST", "/2.0/mlflow/experiments/delete-experiment-tag", "DeleteExperimentTag", "DeleteExperimentTagResponse"],
  ["setTag", "POST", "/2.0/mlflow/runs/set-tag", "SetTag", "SetTagResponse"],
  ["setTraceTag", "PATCH", "/2.0/mlflow/traces/{request_id}/tags", "SetTraceTag", "SetTraceTagResponse"],
  ["setTraceTagV3", "PATCH", "/3.0/mlflow/traces/{trace_id}/tags", "SetTraceTagV3", "SetTraceTagV3Response"],
  ["deleteTraceTag", "DELETE", "/2.0/mlflow/traces/{request_id}/tags", "DeleteTraceTag", "DeleteTraceTagResponse"],
  ["deleteTraceTagV3", "DELETE", "/3.0/mlflow/traces/{trace_id}/tags", "DeleteTraceTagV3", "DeleteTraceTagV3Response"],
  ["deleteTag", "POST", "/2.0/mlflow/runs/delete-tag", "DeleteTag", "DeleteTagResponse"],
  ["getRun", "GET", "/2.0/mlflow/runs/get", "GetRun", "GetRunResponse"],
  ["searchRuns", "POST", "/2.0/mlflow/runs/search", "SearchRuns", "SearchRunsResponse"],
  ["listArtifacts", "GET", "/2.0/mlflow/artifacts/list", "ListArtifacts", "ListArtifactsResponse"],
  ["createPresignedUploadUrl", "POST", "/2.0/mlflow/artifacts/presigned-upload-url", "CreatePresignedUploadUrl", "CreatePresignedUploadUrlResponse"],
  ["createPresignedDownloadUrl", "POST", "/2.0/mlflow/artifacts/presigned-download-url", "CreatePresignedDownloadUrl", "CreatePresignedDownloadUrlResponse"],
  ["getMetricHistory", "GET", "/2.0/mlflow/metrics/get-history", "GetMetricHistory", "GetMetricHistoryResponse"],
  ["getMetricHistoryBulkInterval", "GET", "/2.0/mlflow/metrics/get-history-bulk-interval", "GetMetricHistoryBulkInterval", "GetMetricHistoryBulkIntervalResponse"],
  ["logBatch", "POST", "/2.0/mlflow/runs/log-batch", "LogBatch", "LogBatchResponse"],
  ["logModel", "POST", "/2.0/mlflow/runs/log-model", "LogModel", "LogModelResponse"],
  ["logInputs", "POST", "/2.0/mlflow/runs/log-inputs", "LogInputs", "LogInputsResponse"],
  ["logOutputs", "POST", "/2.0/mlflow/runs/outputs", "LogOutputs", "LogOutputsResponse"],
  ["searchDatasets", "POST", "/2.0mlflow/experiments/search-datasets", "SearchDatasets", "SearchDatasetsResponse"],
  ["startTrace", "POST", "/2.0/mlflow/traces", "StartTrace", "StartTraceResponse"],
  ["endTrace", "PATCH", "/2.0/mlflow/traces/{request_id}", "EndTrace", "EndTraceResponse"],
  ["getTraceInfo", "GET", "/2.0/mlflow/traces/{request_id}/info", "GetTraceInfo", "GetTraceInfoResponse"],
  ["getTraceInfoV3", "GET", "/3.0/mlflow/traces/{trace_id}", "GetTraceInfoV3", "GetTraceInfoV3Response"],
  ["getTrace", "GET", "/3.0/mlflow/traces/get", "GetTrace", "GetTraceResponse"],
  ["batchGetTraces", "GET", "/3.0/mlflow/traces/batchGet", "BatchGetTraces", "BatchGetTracesResponse"],
  ["batchGetTraceInfos", "POST", "/3.0/mlflow/traces/batchGetInfos", "BatchGetTraceInfos", "BatchGetTraceInfosResponse"],
  ["searchTraces", "GET", "/2.0/mlflow/traces", "SearchTraces", "SearchTracesResponse"],
  ["searchTracesV3", "POST", "/3.0/mlflow/traces/search", "SearchTracesV3", "SearchTracesV3Response"],
  ["startTraceV3", "POST", "/3.0/mlflow/traces", "StartTraceV3", "StartTraceV3Response"],
  ["linkTracesToRun", "POST", "/2.0/mlflow/traces/link-to-run", "LinkTracesToRun", "LinkTracesToRunResponse"],
  ["linkPromptsToTrace", "POST", "/2.0/mlflow/traces/link-prompts", "LinkPromptsToTrace", "LinkPromptsToTraceResponse"],
  ["searchUnifiedTraceHandler", "GET", "/2.0/mlflow/unified-traces", "SearchUnifiedTraces", "SearchUnifiedTracesResponse"],
  ["getOnlineTraceDetails", "GET", "/2.0/mlflow/get-online-trace-details", "GetOnlineTraceDetails", "GetOnlineTraceDetailsResponse"],
  ["deleteTraces", "POST", "/2.0/mlflow/traces/delete-traces", "DeleteTraces", "DeleteTracesResponse"],
  ["deleteTracesV3", "POST", "/3.0/mlflow/traces/delete-traces", "DeleteTracesV3", "DeleteTracesV3Response"],
  ["calculateTraceFilterCorrelation", "POST", "/3.0/mlflow/traces/calculate-filter-correlation", "CalculateTraceFilterCorrelation", "CalculateTraceFilterCorrelationResponse"],
  ["queryTraceMetrics", "POST", "/3.0/mlflow/traces/metrics", "QueryTraceMetrics", "QueryTraceMetricsResponse"],
  ["listWorkspaces", "GET", "/3.0/mlflow/workspaces", "ListWorkspaces", "ListWorkspacesResponse"],
  ["createWorkspace", "POST", "/3.0/mlflow/workspaces", "CreateWorkspace", "CreateWorkspaceResponse"],
  ["getWorkspace", "GET", "/3.0/mlflow/workspaces/{workspace_name}", "GetWorkspace", "GetWorkspaceResponse"],
  ["updateWorkspace", "PATCH", "/3.0/mlflow/workspaces/{workspace_name}", "UpdateWorkspace", "UpdateWorkspaceResponse"],
  ["deleteWorkspace", "DELETE", "/3.0/mlflow/workspaces/{workspace_name}", "DeleteWorkspace", "DeleteWorkspaceResponse"],
  ["createLoggedModel", "POST", "/2.0/mlflow/logged-models", "CreateLoggedModel", "CreateLoggedModelResponse"],
  ["finalizeLoggedModel", "PATCH", "/2.0/mlflow/logged-models/{model_id}", "FinalizeLoggedModel", "FinalizeLoggedModelResponse"],
  ["getLoggedModel", "GET", "/2.0/mlflow/logged-models/{model_id}", "GetLoggedModel", "GetLoggedModelResponse"],
  ["deleteLoggedModel", "DELETE", "/2.0/mlflow/logged-models/{model_id}", "DeleteLoggedModel", "DeleteLoggedModelResponse"],
  ["searchLoggedModels", "POST", "/2.0/mlflow/logged-models/search", "SearchLoggedModels", "SearchLoggedModelsResponse"],
  ["setLoggedModelTags", "PATCH", "/2.0/mlflow/logged-models/{model_id}/tags", "SetLoggedModelTags", "SetLoggedModelTagsResponse"],
  ["deleteLoggedModelTag", "DELETE", "/2.0/mlflow/logged-models/{model_id}/tags/{tag_key}", "DeleteLoggedModelTag", "DeleteLoggedModelTagResponse"],
  ["listLoggedModelArtifacts", "GET", "/2.0/mlflow/logged-models/{model_id}/artifacts/directories", "ListLoggedModelArtifacts", "ListLoggedModelArtifactsResponse"],
  ["logLoggedModelParams", "POST", "/2.0/mlflow/logged-models/{model_id}/params", "LogLoggedModelParamsRequest", "LogLoggedModelParamsRequestResponse"],
  ["getAssessment", "GET", "/3.0/mlflow/traces/{trace_id}/assessments/{assessment_id}", "GetAssessmentRequest", "GetAssessmentRequestResponse"],
  ["createAssessment", "POST", "/3.0/mlflow/traces/{trace_id}/assessments", "CreateAssessment", "CreateAssessmentResponse"],
  ["updateAssessment", "PATCH", "/3.0/mlflow/traces/{trace_id}/assessments/{assessment_id}", "UpdateAssessment", "UpdateAssessmentResponse"],
  ["deleteAssessment", "DELETE", "/3.0/mlflow/traces/{trace_id}/assessments/{assessment_id}", "DeleteAssessment", "DeleteAssessmentResponse"],
  ["createIssue", "POST", "/3.0/mlflow/issues", "CreateIssue", "CreateIssueResponse"],
  ["updateIssue", "PATCH", "/3.0/mlflow/issues/{issue_id}", "UpdateIssue", "UpdateIssueResponse"],
  ["getIssue", "GET", "/3.0/mlflow/issues/{issue_id}", "GetIssue", "GetIssueResponse"],
  ["searchIssues", "POST", "/3.0/mlflow/issues/search", "SearchIssues", "SearchIssuesResponse"],
  ["createLabelSchema", "POST", "/3.0/mlflow/label-schemas/create", "CreateLabelSchema", "CreateLabelSchemaResponse"],
  ["getLabelSchema", "GET", "/3.0/mlflow/label-schemas/get", "GetLabelSchema", "GetLabelSchemaResponse"],
  ["getLabelSchemaByName", "GET", "/3.0/mlflow/label-schemas/get-by-name", "GetLabelSchemaByName", "GetLabelSchemaByNameResponse"],
  ["listLabelSchemas", "GET", "/3.0/mlflow/label-schemas/list", "ListLabelSchemas", "ListLabelSchemasResponse"],
  ["updateLabelSchema", "PATCH", "/3.0/mlflow/label-schemas/update", "UpdateLabelSchema", "UpdateLabelSchemaResponse"],
  ["deleteLabelSchema", "DELETE", "/3.0/mlflow/label-schemas/delete", "DeleteLabelSchema", "DeleteLabelSchemaResponse"],
  ["createDataset", "POST", "/3.0/mlflow/datasets/create", "CreateDataset", "CreateDatasetResponse"],
  ["getDataset", "GET", "/3.0/mlflow/datasets/{dataset_id}", "GetDataset", "GetDatasetResponse"],
  ["deleteDataset", "DELETE", "/3.0/mlflow/datasets/{dataset_id}", "DeleteDataset", "DeleteDatasetResponse"],
  ["searchEvaluationDatasets", "POST", "/3.0/mlflow/datasets/search", "SearchEvaluationDatasets", "SearchEvaluationDatasetsResponse"],
  ["searchEvaluationDatasets", "GET", "/3.0/mlflow/datasets/search", "SearchEvaluationDatasets", "SearchEvaluationDatasetsResponse"],
  ["setDatasetTags", "PATCH", "/3.0/mlflow/datasets/{dataset_id}/tags", "SetDatasetTags", "SetDatasetTagsResponse"],
  ["deleteDatasetTag", "DELETE", "/3.0/mlflow/datasets/{dataset_id}/tags/{key}", "DeleteDatasetTag", "DeleteDatasetTagResponse"],
  ["upsertDatasetRecords", "POST", "/3.0/mlflow/datasets/{dataset_id}/records", "UpsertDatasetRecords", "UpsertDatasetRecordsResponse"],
  ["getDatasetExperimentIds", "GET", "/3.0/mlflow/datasets/{dataset_id}/experiment-ids", "GetDatasetExperimentIds", "GetDatasetExperimentIdsResponse"],
  ["registerScorer", "POST", "/3.0/mlflow/scorers/register", "RegisterScorer", "RegisterScorerResponse"],
  ["listScorers", "GET", "/3.0/mlflow/scorers/list", "ListScorers", "ListScorersResponse"],
  ["listScorerVersions", "GET", "/3.0/mlflow/scorers/versions", "ListScorerVersions", "ListScorerVersionsResponse"],
  ["getScorer", "GET", "/3.0/mlflow/scorers/get", "GetScorer", "GetScorerResponse"],
  ["deleteScorer", "DELETE", "/3.0/mlflow/scorers/delete", "DeleteScorer", "DeleteScorerResponse"],
  ["getDatasetRecords", "GET", "/3.0/mlflow/datasets/{dataset_id}/records", "GetDatasetRecords", "GetDatasetRecordsResponse"],
  ["deleteDatasetRecords", "DELETE", "/3.0/mlflow/datasets/{dataset_id}/records", "DeleteDatasetRecords", "DeleteDatasetRecordsResponse"],
  ["addDatasetToExperiments", "POST", "/3.0/mlflow/datasets/{dataset_id}/add-experiments", "AddDatasetToExperiments", "AddDatasetToExperimentsResponse"],
  ["removeDatasetFromExperiments", "POST", "/3.0/mlflow/datasets/{dataset_id}/remove-experiments", "RemoveDatasetFromExperiments", "RemoveDatasetFromExperimentsResponse"],
  ["createGatewaySecret", "POST", "/3.0/mlflow/gateway/secrets/create", "CreateGatewaySecret", "CreateGatewaySecretResponse"],
  ["getGatewaySecretInfo", "GET", "/3.0/mlflow/gateway/secrets/get", "GetGatewaySecretInfo", "GetGatewaySecretInfoResponse"],
  ["updateGatewaySecret", "POST", "/3.0/mlflow/gateway/secrets/update", "UpdateGatewaySecret", "UpdateGatewaySecretResponse"],
  ["deleteGatewaySecret", "DELETE", "/3.0/mlflow/gateway/secrets/delete", "DeleteGatewaySecret", "DeleteGatewaySecretResponse"],
  ["listGatewaySecretInfos", "GET", "/3.0/mlflow/gateway/secrets/list", "ListGatewaySecretInfos", "ListGatewaySecretInfosResponse"],
  ["createGatewayEndpoint", "POST", "/3.0/mlflow/gateway/endpoints/create", "CreateGatewayEndpoint", "CreateGatewayEndpointResponse"],
  ["getGatewayEndpoint", "GET", "/3.0/mlflow/gateway/endpoints/get", "GetGatewayEndpoint", "GetGatewayEndpointResponse"],
  ["updateGatewayEndpoint", "POST", "/3.0/mlflow/gateway/endpoints/update", "UpdateGatewayEndpoint", "UpdateGatewayEndpointResponse"],
  ["deleteGatewayEndpoint", "DELETE", "/3.0/mlflow/gateway/endpoints/delete", "DeleteGatewayEndpoint", "DeleteGatewayEndpointResponse"],
  ["listGatewayEndpoints", "GET", "/3.0/mlflow/gateway/endpoints/list", "ListGatewayEndpoints", "ListGatewayEndpointsResponse"],
  ["createGatewayModelDefinition", "POST", "/3.0/mlflow/gateway/model-definitions/create", "CreateGatewayModelDefinition", "CreateGatewayModelDefinitionResponse"],
  ["getGatewayModelDefinition", "GET", "/3.0/mlflow/gateway/model-definitions/get", "GetGatewayModelDefinition", "GetGatewayModelDefinitionResponse"],
  ["listGatewayModelDefinitions", "GET", "/3.0/mlflow/gateway/model-definitions/list", "ListGatewayModelDefinitions", "ListGatewayModelDefinitionsResponse"],
  ["updateGatewayModelDefinition", "POST", "/3.0/mlflow/gateway/model-definitions/update", "UpdateGatewayModelDefinition", "UpdateGatewayModelDefinitionResponse"],
  ["deleteGatewayModelDefinition", "DELETE", "/3.0/mlflow/gateway/model-definitions/delete", "DeleteGatewayModelDefinition", "DeleteGatewayModelDefinitionResponse"],
  ["attachModelToEndpoint", "POST", "/3.0/mlflow/gateway/endpoints/models/attach", "AttachModelToGatewayEndpoint", "AttachModelToGatewayEndpointResponse"],
  ["detachModelFromEndpoint", "POST", "/3.0/mlflow/gateway/endpoints/models/detach", "DetachModelFromGatewayEndpoint", "DetachModelFromGatewayEndpointResponse"],
  ["createEndpointBinding", "POST", "/3.0/mlflow/gateway/endpoints/bindings/create", "CreateGatewayEndpointBinding", "CreateGatewayEndpointBindingResponse"],
  ["deleteEndpointBinding", "DELETE", "/3.0/mlflow/gateway/endpoints/bindings/delete", "DeleteGatewayEndpointBinding", "DeleteGatewayEndpointBindingResponse"],
  ["listEndpointBindings", "GET", "/3.0/mlflow/gateway/endpoints/bindings/list", "ListGatewayEndpointBindings", "ListGatewayEndpointBindingsResponse"],
  ["setGatewayEndpointTag", "POST", "/3.0/mlflow/gateway/endpoints/set-tag", "SetGatewayEndpointTag", "SetGatewayEndpointTagResponse"],
  ["deleteGatewayEndpointTag", "DELETE", "/3.0/mlflow/gateway/endpoints/delete-tag", "DeleteGatewayEndpointTag", "DeleteGatewayEndpointTagResponse"],
  ["createBudgetPolicy", "POST", "/3.0/mlflow/gateway/budgets/create", "CreateGatewayBudgetPolicy", "CreateGatewayBudgetPolicyResponse"],
  ["getBudgetPolicy", "GET", "/3.0/mlflow/gateway/budgets/get", "GetGatewayBudgetPolicy", "GetGatewayBudgetPolicyResponse"],
  ["updateBudgetPolicy", "POST", "/3.0/mlflow/gateway/budgets/update", "UpdateGatewayBudgetPolicy", "UpdateGatewayBudgetPolicyResponse"],
  ["deleteBudgetPolicy", "DELETE", "/3.0/mlflow/gateway/budgets/delete", "DeleteGatewayBudgetPolicy", "DeleteGatewayBudgetPolicyResponse"],
  ["listBudgetPolicies", "GET", "/3.0/mlflow/gateway/budgets/list", "ListGatewayBudgetPolicies", "ListGatewayBudgetPoliciesResponse"],
  ["listBudgetWindows", "GET", "/3.0/mlflow/gateway/budgets/windows", "ListGatewayBudgetWindows", "ListGatewayBudgetWindowsResponse"],
  ["createGatewayGuardrail", "POST", "/3.0/mlflow/gateway/guardrails/create", "CreateGatewayGuardrail", "CreateGatewayGuardrailResponse"],
  ["getGatewayGuardrail", "GET", "/3.0/mlflow/gateway/guardrails/get", "GetGatewayGuardrail", "GetGatewayGuardrailResponse"],
  ["deleteGatewayGuardrail", "DELETE", "/3.0/mlflow/gateway/guardrails/delete", "DeleteGatewayGuardrail", "DeleteGatewayGuardrailResponse"],
  ["listGatewayGuardrails", "GET", "/3.0/mlflow/gateway/guardrails/list", "ListGatewayGuardrails", "ListGatewayGuardrailsResponse"],
  ["addGuardrailToEndpoint", "POST", "/3.0/mlflow/gateway/guardrails/add-to-endpoint", "AddGuardrailToEndpoint", "AddGuardrailToEndpointResponse"],
  ["removeGuardrailFromEndpoint", "DELETE", "/3.0/mlflow/gateway/guardrails/remove-from-endpoint", "RemoveGuardrailFromEndpoint", "RemoveGuardrailFromEndpointResponse"],
  ["listEndpointGuardrailConfigs", "GET", "/3.0/mlflow/gateway/guardrails/list-for-endpoint", "ListEndpointGuardrailConfigs", "ListEndpointGuardrailConfigsResponse"],
  ["updateEndpointGuardrailConfig", "PATCH", "/3.0/mlflow/gateway/guardrails/update-config", "UpdateEndpointGuardrailConfig", "UpdateEndpointGuardrailConfigResponse"],
  ["createPromptOptimizationJob", "POST", "/3.0/mlflow/prompt-optimization/jobs", "CreatePromptOptimizationJob", "CreatePromptOptimizationJobResponse"],
  ["getPromptOptimizationJob", "GET", "/3.0/mlflow/prompt-optimization/jobs/{job_id}", "GetPromptOptimizationJob", "GetPromptOptimizationJobResponse"],
  ["searchPromptOptimizationJobs", "POST", "/3.0/mlflow/prompt-optimization/jobs/search", "SearchPromptOptimizationJobs", "SearchPromptOptimizationJobsResponse"],
  ["searchPromptOptimizationJobs", "GET", "/3.0/mlflow/prompt-optimization/jobs/search", "SearchPromptOptimizationJobs", "SearchPromptOptimizationJobsResponse"],
  ["cancelPromptOptimizationJob", "POST", "/3.0/mlflow/prompt-optimization/jobs/{job_id}/cancel", "CancelPromptOptimizationJob", "CancelPromptOptimizationJobResponse"],
  ["deletePromptOptimizationJob", "DELETE", "/3.0/mlflow/prompt-optimization/jobs/{job_id}", "DeletePromptOptimizationJob", "DeletePromptOptimizationJobResponse"],
  ["createReviewQueue", "POST", "/3.0/mlflow/review-queues/create", "CreateReviewQueue", "CreateReviewQueueResponse"],
  ["getOrCreateUserQueue", "POST", "/3.0/mlflow/review-queues/get-or-create-user", "GetOrCreateUserQueue", "GetOrCreateUserQueueResponse"],
  ["getReviewQueue", "GET", "/3.0/mlflow/review-queues/get", "GetReviewQueue", "GetReviewQueueResponse"],
  ["getReviewQueueByName", "GET", "/3.0/mlflow/review-queues/get-by-name", "GetReviewQueueByName", "GetReviewQueueByNameResponse"],
  ["listReviewQueues", "GET", "/3.0/mlflow/review-queues/list", "ListReviewQueues", "ListReviewQueuesResponse"],
  ["updateReviewQueue", "POST", "/3.0/mlflow/review-queues/update", "UpdateReviewQueue", "UpdateReviewQueueResponse"],
  ["deleteReviewQueue", "POST", "/3.0/mlflow/review-queues/delete", "DeleteReviewQueue", "DeleteReviewQueueResponse"],
  ["addItemsToReviewQueue", "POST", "/3.0/mlflow/review-queues/items/add", "AddItemsToReviewQueue", "AddItemsToReviewQueueResponse"],
  ["removeItemsFromReviewQueue", "POST", "/3.0/mlflow/review-queues/items/remove", "RemoveItemsFromReviewQueue", "RemoveItemsFromReviewQueueResponse"],
  ["listReviewQueueItems", "GET", "/3.0/mlflow/review-queues/items/list", "ListReviewQueueItems", "ListReviewQueueItemsResponse"],
  ["setReviewQueueItemStatus", "POST", "/3.0/mlflow/review-queues/items/set-status", "SetReviewQueueItemStatus", "SetReviewQueueItemStatusResponse"],
  ["createRegisteredModel", "POST", "/2.0/mlflow/registered-models/create", "CreateRegisteredModel", "CreateRegisteredModelResponse"],
  ["renameRegisteredModel", "POST", "/2.0/mlflow/registered-models/rename", "RenameRegisteredModel", "RenameRegisteredModelResponse"],
  ["updateRegisteredModel", "PATCH", "/2.0/mlflow/registered-models/update", "UpdateRegisteredModel", "UpdateRegisteredModelResponse"],
  ["deleteRegisteredModel", "DELETE", "/2.0/mlflow/registered-models/delete", "DeleteRegisteredModel", "DeleteRegisteredModelResponse"],
  ["getRegisteredModel", "GET", "/2.0/mlflow/registered-models/get", "GetRegisteredModel", "GetRegisteredModelResponse"],
  ["searchRegisteredModels", "GET", "/2.0/mlflow/registered-models/search", "SearchRegisteredModels", "SearchRegisteredModelsResponse"],
  ["getLatestVersions", "POST", "/2.0/mlflow/registered-models/get-latest-versions", "GetLatestVersions", "GetLatestVersionsResponse"],
  ["getLatestVersions", "GET", "/2.0/mlflow/registered-models/get-latest-versions", "GetLatestVersions", "GetLatestVersionsResponse"],
  ["createModelVersion", "POST", "/2.0/mlflow/model-versions/create", "CreateModelVersion", "CreateModelVersionResponse"],
  ["updateModelVersion", "PATCH", "/2.0/mlflow/model-versions/update", "UpdateModelVersion", "UpdateModelVersionResponse"],
  ["transitionModelVersionStage", "POST", "/2.0/mlflow/model-versions/transition-stage", "TransitionModelVersionStage", "TransitionModelVersionStageResponse"],
  ["deleteModelVersion", "DELETE", "/2.0/mlflow/model-versions/delete", "DeleteModelVersion", "DeleteModelVersionResponse"],
  ["getModelVersion", "GET", "/2.0/mlflow/model-versions/get", "GetModelVersion", "GetModelVersionResponse"],
  ["searchModelVersions", "GET", "/2.0/mlflow/model-versions/search", "SearchModelVersions", "SearchModelVersionsResponse"],
  ["getModelVersionDownloadUri", "GET", "/2.0/mlflow/model-versions/get-download-uri", "GetModelVersionDownloadUri", "GetModelVersionDownloadUriResponse"],
  ["setRegisteredModelTag", "POST", "/2.0/mlflow/registered-models/set-tag", "SetRegisteredModelTag", "SetRegisteredModelTagResponse"],
  ["setModelVersionTag", "POST", "/2.0/mlflow/model-versions/set-tag", "SetModelVersionTag", "SetModelVersionTagResponse"],
  ["deleteRegisteredModelTag", "DELETE", "/2.0/mlflow/registered-models/delete-tag", "DeleteRegisteredModelTag", "DeleteRegisteredModelTagResponse"],
  ["deleteModelVersionTag", "DELETE", "/2.0/mlflow/model-versions/delete-tag", "DeleteModelVersionTag", "DeleteModelVersionTagResponse"],
  ["setRegisteredModelAlias", "POST", "/2.0/mlflow/registered-models/alias", "SetRegisteredModelAlias", "SetRegisteredModelAliasResponse"],
  ["deleteRegisteredModelAlias", "DELETE", "/2.0/mlflow/registered-models/alias", "DeleteRegisteredModelAlias", "DeleteRegisteredModelAliasResponse"],
  ["getModelVersionByAlias", "GET", "/2.0/mlflow/registered-models/alias", "GetModelVersionByAlias", "GetModelVersionByAliasResponse"],
  ["downloadArtifact", "GET", "/2.0/mlflow-artifacts/artifacts/{artifact_path*}", "DownloadArtifact", "DownloadArtifactResponse"],
  ["uploadArtifact", "PUT", "/2.0/mlflow-artifacts/artifacts/{artifact_path*}", "UploadArtifact", "UploadArtifactResponse"],
  ["artifactsListArtifacts", "GET", "/2.0/mlflow-artifacts/artifacts", "ArtifactsListArtifacts", "ArtifactsListArtifactsResponse"],
  ["deleteArtifact", "DELETE", "/2.0/mlflow-artifacts/artifacts/{artifact_path*}", "DeleteArtifact", "DeleteArtifactResponse"],
  ["createMultipartUpload", "POST", "/2.0/mlflow-artifacts/mpu/create/{artifact_path*}", "CreateMultipartUpload", "CreateMultipartUploadResponse"],
  ["completeMultipartUpload", "POST", "/2.0/mlflow-artifacts/mpu/complete/{artifact_path*}", "CompleteMultipartUpload", "CompleteMultipartUploadResponse"],
  ["abortMultipartUpload", "POST", "/2.0/mlflow-artifacts/mpu/abort/{artifact_path*}", "AbortMultipartUpload", "AbortMultipartUploadResponse"],
  ["getPresignedDownloadUrl", "GET", "/2.0/mlflow-artifacts/presigned/{artifact_path*}", "GetPresignedDownloadUrl", "GetPresignedDownloadUrlResponse"],
  ["createWebhook", "POST", "/2.0/mlflow/webhooks", "CreateWebhook", "CreateWebhookResponse"],
  ["listWebhooks", "GET", "/2.0/mlflow/webhooks", "ListWebhooks", "ListWebhooksResponse"],
  ["getWebhook", "GET", "/2.0/mlflow/webhooks/{webhook_id}", "GetWebhook", "GetWebhookResponse"],
  ["updateWebhook", "PATCH", "/2.0/mlflow/webhooks/{webhook_id}", "UpdateWebhook", "UpdateWebhookResponse"],
  ["deleteWebhook", "DELETE", "/2.0/mlflow/webhooks/{webhook_id}", "DeleteWebhook", "DeleteWebhookResponse"],
  ["testWebhook", "POST", "/2.0/mlflow/webhooks/{webhook_id}/test", "TestWebhook", "TestWebhookResponse"],
];

/** Fields of every message in the order of the wire; `[]` repeated, `map:` and `enum:` before what they hold. */
export const FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AbortMultipartUpload: { path: "string", upload_id: "string" },
  AbortMultipartUploadResponse: {  },
  AddDatasetToExperiments: { dataset_id: "string", experiment_ids: "string[]" },
  AddDatasetToExperimentsResponse: { dataset: "DatasetsDataset" },
  AddGuardrailToEndpoint: { endpoint_id: "string", guardrail_id: "string", execution_order: "int64" },
  AddGuardrailToEndpointResponse: { config: "GatewayGuardrailConfig" },
  AddItemsToReviewQueue: { queue_id: "string", item_type: "enum:ReviewItemType", item_ids: "string[]" },
  AddItemsToReviewQueueResponse: { items: "ReviewQueueItem[]" },
  AnyValue: { string_value: "string", bool_value: "bool", int_value: "int64", double_value: "double", array_value: "ArrayValue", kvlist_value: "KeyValueList", bytes_value: "bytes", string_value_strindex: "int32" },
  ArrayValue: { values: "AnyValue[]" },
  ArtifactsFileInfo: { path: "string", is_dir: "bool", file_size: "int64" },
  ArtifactsListArtifacts: { path: "string" },
  ArtifactsListArtifactsResponse: { files: "ArtifactsFileInfo[]" },
  Assessment: { assessment_id: "string", assessment_name: "string", trace_id: "string", span_id: "string", source: "AssessmentSource", create_time: "timestamp", last_update_time: "timestamp", feedback: "Feedback", expectation: "Expectation", rationale: "string", error: "AssessmentError", metadata: "map:string", overrides: "string", valid: "bool", issue: "IssueReference" },
  AssessmentError: { error_code: "string", error_message: "string", stack_trace: "string" },
  AssessmentSource: { source_type: "enum:AssessmentSourceSourceType", source_id: "string" },
  AttachModelToGatewayEndpoint: { endpoint_id: "string", model_config: "GatewayEndpointModelConfig", created_by: "string" },
  AttachModelToGatewayEndpointResponse: { mapping: "GatewayEndpointModelMapping" },
  BatchGetTraceInfos: { trace_ids: "string[]", experiment_ids: "string[]" },
  BatchGetTraceInfosResponse: { trace_infos: "TraceInfoV3[]" },
  BatchGetTraces: { trace_ids: "string[]", experiment_ids: "string[]" },
  BatchGetTracesResponse: { traces: "Trace[]" },
  BudgetDuration: { unit: "enum:BudgetDurationUnit", value: "int32" },
  CalculateTraceFilterCorrelation: { experiment_ids: "string[]", filter_string1: "string", filter_string2: "string", base_filter: "string" },
  CalculateTraceFilterCorrelationResponse: { npmi: "double", npmi_smoothed: "double", filter1_count: "int32", filter2_count: "int32", joint_count: "int32", total_count: "int32" },
  CancelPromptOptimizationJob: { job_id: "string" },
  CancelPromptOptimizationJobResponse: { job: "PromptOptimizationJob" },
  CompleteMultipartUpload: { path: "string", upload_id: "string", parts: "MultipartUploadPart[]" },
  CompleteMultipartUploadResponse: {  },
  CreateAssessment: { assessment: "Assessment" },
  CreateAssessmentResponse: { assessment: "Assessment" },
  CreateDataset: { name: "string", experiment_ids: "string[]", source_type: "enum:DatasetRecordSourceSourceType", source: "string", schema: "string", profile: "string", created_by: "string", tags: "string" },
  CreateDatasetResponse: { dataset: "DatasetsDataset" },
  CreateExperiment: { name: "string", artifact_location: "string", tags: "ExperimentTag[]" },
  CreateExperimentResponse: { experiment_id: "string" },
  CreateGatewayBudgetPolicy: { budget_unit: "enum:BudgetUnit", budget_amount: "double", duration: "BudgetDuration", target_scope: "enum:BudgetTargetScope", budget_action: "enum:BudgetAction", created_by: "string", target_value: "string" },
  CreateGatewayBudgetPolicyResponse: { budget_policy: "GatewayBudgetPolicy" },
  CreateGatewayEndpoint: { name: "string", model_configs: "GatewayEndpointModelConfig[]", created_by: "string", routing_strategy: "enum:RoutingStrategy", fallback_config: "FallbackConfig", experiment_id: "string", usage_tracking: "bool" },
  CreateGatewayEndpointBinding: { endpoint_id: "string", resource_type: "string", resource_id: "string", created_by: "string" },
  CreateGatewayEndpointBindingResponse: { binding: "GatewayEndpointBinding" },
  CreateGatewayEndpointResponse: { endpoint: "GatewayEndpoint" },
  CreateGatewayGuardrail: { name: "string", scorer_id: "string", scorer_version: "int64", stage: "enum:GuardrailStage", action: "enum:GuardrailAction", action_endpoint_id: "string" },
  CreateGatewayGuardrailResponse: { guardrail: "GatewayGuardrail" },
  CreateGatewayModelDefinition: { name: "string", secret_id: "string", provider: "string", model_name: "string", created_by: "string" },
  CreateGatewayModelDefinitionResponse: { model_definition: "GatewayModelDefinition" },
  CreateGatewaySecret: { secret_name: "string", secret_value: "map:string", provider: "string", auth_config: "map:string", created_by: "string" },
  CreateGatewaySecretResponse: { secret: "GatewaySecretInfo" },
  CreateIssue: { experiment_id: "string", name: "string", description: "string", status: "string", severity: "string", root_causes: "string[]", source_run_id: "string", created_by: "string", categories: "string[]" },
  CreateIssueResponse: { issue: "Issue" },
  CreateLabelSchema: { experiment_id: "string", name: "string", type: "enum:LabelSchemaType", input: "LabelSchemaInput", instruction: "string", enable_comment: "bool" },
  CreateLabelSchemaResponse: { label_schema: "LabelSchema" },
  CreateLoggedModel: { experiment_id: "string", name: "string", model_type: "string", source_run_id: "string", params: "LoggedModelParameter[]", tags: "LoggedModelTag[]" },
  CreateLoggedModelResponse: { model: "LoggedModel" },
  CreateModelVersion: { name: "string", source: "string", run_id: "string", tags: "ModelVersionTag[]", run_link: "string", description: "string", model_id: "string" },
  CreateModelVersionResponse: { model_version: "ModelVersion" },
  CreateMultipartUpload: { path: "string", num_parts: "int64" },
  CreateMultipartUploadResponse: { upload_id: "string", credentials: "MultipartUploadCredential[]" },
  CreatePresignedDownloadUrl: { run_id: "string", path: "string", expiration: "int64" },
  CreatePresignedDownloadUrlResponse: { presigned_url: "string", headers: "map:string", file_size: "int64" },
  CreatePresignedUploadUrl: { run_id: "string", path: "string", expiration: "int64", model_id: "string" },
  CreatePresignedUploadUrlResponse: { presigned_url: "string", headers: "map:string" },
  CreatePromptOptimizationJob: { experiment_id: "string", source_prompt_uri: "string", config: "PromptOptimizationJobConfig", tags: "PromptOptimizationJobTag[]" },
  CreatePromptOptimizationJobResponse: { job: "PromptOptimizationJob" },
  CreateRegisteredModel: { name: "string", tags: "RegisteredModelTag[]", description: "string", deployment_job_id: "string" },
  CreateRegisteredModelResponse: { registered_model: "RegisteredModel" },
  CreateReviewQueue: { experiment_id: "string", name: "string", queue_type: "enum:ReviewQueueType", created_by: "string", users: "string[]", schema_ids: "string[]" },
  CreateReviewQueueResponse: { review_queue: "ReviewQueue" },
  CreateRun: { experiment_id: "string", user_id: "string", run_name: "string", start_time: "int64", tags: "RunTag[]" },
  CreateRunResponse: { run: "Run" },
  CreateWebhook: { name: "string", description: "string", url: "string", events: "WebhookEvent[]", secret: "string", status: "enum:WebhookStatus" },
  CreateWebhookResponse: { webhook: "Webhook" },
  CreateWorkspace: { name: "string", description: "string", default_artifact_root: "string", trace_archival_config: "TraceArchivalConfig" },
  CreateWorkspaceResponse: { workspace: "Workspace" },
  Dataset: { name: "string", digest: "string", source_type: "string", source: "string", schema: "string", profile: "string" },
  DatasetInput: { tags: "InputTag[]", dataset: "Dataset" },
  DatasetSummary: { experiment_id: "string", name: "string", digest: "string", context: "string" },
  DatasetsDataset: { dataset_id: "string", name: "string", tags: "string", schema: "string", profile: "string", digest: "string", created_time: "int64", last_update_time: "int64", created_by: "string", last_updated_by: "string", experiment_ids: "string[]" },
  DeleteArtifact: {  },
  DeleteArtifactResponse: {  },
  DeleteAssessment: { trace_id: "string", assessment_id: "string" },
  DeleteAssessmentResponse: {  },
  DeleteDataset: { dataset_id: "string" },
  DeleteDatasetRecords: { dataset_id: "string", dataset_record_ids: "string[]" },
  DeleteDatasetRecordsResponse: { deleted_count: "int32" },
  DeleteDatasetResponse: {  },
  DeleteDatasetTag: { dataset_id: "string", key: "string" },
  DeleteDatasetTagResponse: {  },
  DeleteExperiment: { experiment_id: "string" },
  DeleteExperimentResponse: {  },
  DeleteExperimentTag: { experiment_id: "string", key: "string" },
  DeleteExperimentTagResponse: {  },
  DeleteGatewayBudgetPolicy: { budget_policy_id: "string" },
  DeleteGatewayBudgetPolicyResponse: {  },
  DeleteGatewayEndpoint: { endpoint_id: "string" },
  DeleteGatewayEndpointBinding: { endpoint_id: "string", resource_type: "string", resource_id: "string" },
  DeleteGatewayEndpointBindingResponse: {  },
  DeleteGatewayEndpointResponse: {  },
  DeleteGatewayEndpointTag: { endpoint_id: "string", key: "string" },
  DeleteGatewayEndpointTagResponse: {  },
  DeleteGatewayGuardrail: { guardrail_id: "string" },
  DeleteGatewayGuardrailResponse: {  },
  DeleteGatewayModelDefinition: { model_definition_id: "string" },
  DeleteGatewayModelDefinitionResponse: {  },
  DeleteGatewaySecret: { secret_id: "string" },
  DeleteGatewaySecretResponse: {  },
  DeleteLabelSchema: { schema_id: "string" },
  DeleteLabelSchemaResponse: {  },
  DeleteLoggedModel: { model_id: "string" },
  DeleteLoggedModelResponse: {  },
  DeleteLoggedModelTag: { model_id: "string", tag_key: "string" },
  DeleteLoggedModelTagResponse: {  },
  DeleteModelVersion: { name: "string", version: "string" },
  DeleteModelVersionResponse: {  },
  DeleteModelVersionTag: { name: "string", version: "string", key: "string" },
  DeleteModelVersionTagResponse: {  },
  DeletePromptOptimizationJob: { job_id: "string" },
  DeletePromptOptimizationJobResponse: {  },
  DeleteRegisteredModel: { name: "string" },
  DeleteRegisteredModelAlias: { name: "string", alias: "string" },
  DeleteRegisteredModelAliasResponse: {  },
  DeleteRegisteredModelResponse: {  },
  DeleteRegisteredModelTag: { name: "string", key: "string" },
  DeleteRegisteredModelTagResponse: {  },
  DeleteReviewQueue: { queue_id: "string" },
  DeleteReviewQueueResponse: {  },
  DeleteRun: { run_id: "string" },
  DeleteRunResponse: {  },
  DeleteScorer: { experiment_id: "string", name: "string", version: "int32" },
  DeleteScorerResponse: {  },
  DeleteTag: { run_id: "string", key: "string" },
  DeleteTagResponse: {  },
  DeleteTraceTag: { request_id: "string", key: "string" },
  DeleteTraceTagResponse: {  },
  DeleteTraceTagV3: { key: "string", trace_id: "string" },
  DeleteTraceTagV3Response: {  },
  DeleteTraces: { experiment_id: "string", max_timestamp_millis: "int64", max_traces: "int32", request_ids: "string[]" },
  DeleteTracesResponse: { traces_deleted: "int32" },
  DeleteTracesV3: { experiment_id: "string", max_timestamp_millis: "int64", max_traces: "int32", request_ids: "string[]" },
  DeleteTracesV3Response: { traces_deleted: "int32" },
  DeleteWebhook: { webhook_id: "string" },
  DeleteWebhookResponse: {  },
  DeleteWorkspace: { workspace_name: "string" },
  DeleteWorkspaceResponse: {  },
  DetachModelFromGatewayEndpoint: { endpoint_id: "string", model_definition_id: "string" },
  DetachModelFromGatewayEndpointResponse: {  },
  DownloadArtifact: {  },
  DownloadArtifactResponse: {  },
  EndTrace: { request_id: "string", timestamp_ms: "int64", status: "enum:TraceStatus", request_metadata: "TraceRequestMetadata[]", tags: "TraceTag[]" },
  EndTraceResponse: { trace_info: "TraceInfo" },
  Expectation: { value: "json", serialized_value: "ExpectationSerializedValue" },
  ExpectationSerializedValue: { serialization_format: "string", value: "string" },
  Experiment: { experiment_id: "string", name: "string", artifact_location: "string", lifecycle_stage: "string", last_update_time: "int64", creation_time: "int64", tags: "ExperimentTag[]", effective_trace_archival_retention: "string", workspace: "string" },
  ExperimentTag: { key: "string", value: "string" },
  FallbackConfig: { strategy: "enum:FallbackStrategy", max_attempts: "int32" },
  Feedback: { value: "json", error: "AssessmentError" },
  FieldMask: { paths: "string[]" },
  FileInfo: { path: "string", is_dir: "bool", file_size: "int64" },
  FinalizeLoggedModel: { model_id: "string", status: "enum:LoggedModelStatus" },
  FinalizeLoggedModelResponse: { model: "LoggedModel" },
  GatewayBudgetPolicy: { budget_policy_id: "string", budget_unit: "enum:BudgetUnit", budget_amount: "double", duration: "BudgetDuration", target_scope: "enum:BudgetTargetScope", budget_action: "enum:BudgetAction", created_by: "string", created_at: "int64", last_updated_by: "string", last_updated_at: "int64", target_value: "string" },
  GatewayEndpoint: { endpoint_id: "string", name: "string", created_at: "int64", last_updated_at: "int64", model_mappings: "GatewayEndpointModelMapping[]", created_by: "string", last_updated_by: "string", tags: "GatewayEndpointTag[]", routing_strategy: "enum:RoutingStrategy", fallback_config: "FallbackConfig", experiment_id: "string", usage_tracking: "bool" },
  GatewayEndpointBinding: { endpoint_id: "string", resource_type: "string", resource_id: "string", created_at: "int64", last_updated_at: "int64", created_by: "string", last_updated_by: "string", display_name: "string" },
  GatewayEndpointModelConfig: { model_definition_id: "string", linkage_type: "enum:GatewayModelLinkageType", weight: "double", fallback_order: "int32" },
  GatewayEndpointModelMapping: { mapping_id: "string", endpoint_id: "string", model_definition_id: "string", model_definition: "GatewayModelDefinition", weight: "double", created_at: "int64", created_by: "string", linkage_type: "enum:GatewayModelLinkageType", fallback_order: "int32" },
  GatewayEndpointTag: { key: "string", value: "string" },
  GatewayGuardrail: { guardrail_id: "string", name: "string", scorer: "Scorer", stage: "enum:GuardrailStage", action: "enum:GuardrailAction", action_endpoint_id: "string", created_by: "string", created_at: "int64", last_updated_by: "string", last_updated_at: "int64" },
  GatewayGuardrailConfig: { endpoint_id: "string", guardrail_id: "string", execution_order: "int64", created_by: "string", created_at: "int64", guardrail: "GatewayGuardrail" },
  GatewayModelDefinition: { model_definition_id: "string", name: "string", secret_id: "string", secret_name: "string", provider: "string", model_name: "string", created_at: "int64", last_updated_at: "int64", created_by: "string", last_updated_by: "string" },
  GatewaySecretInfo: { secret_id: "string", secret_name: "string", masked_values: "map:string", created_at: "int64", last_updated_at: "int64", provider: "string", created_by: "string", last_updated_by: "string", auth_config: "map:string" },
  GetAssessmentRequest: { trace_id: "string", assessment_id: "string" },
  GetAssessmentRequestResponse: { assessment: "Assessment" },
  GetDataset: { dataset_id: "string", page_token: "string" },
  GetDatasetExperimentIds: { dataset_id: "string" },
  GetDatasetExperimentIdsResponse: { experiment_ids: "string[]" },
  GetDatasetRecords: { dataset_id: "string", max_results: "int32", page_token: "string" },
  GetDatasetRecordsResponse: { records: "string", next_page_token: "string" },
  GetDatasetResponse: { dataset: "DatasetsDataset", next_page_token: "string" },
  GetExperiment: { experiment_id: "string" },
  GetExperimentByName: { experiment_name: "string" },
  GetExperimentByNameResponse: { experiment: "Experiment" },
  GetExperimentResponse: { experiment: "Experiment" },
  GetGatewayBudgetPolicy: { budget_policy_id: "string" },
  GetGatewayBudgetPolicyResponse: { budget_policy: "GatewayBudgetPolicy" },
  GetGatewayEndpoint: { endpoint_id: "string", name: "string" },
  GetGatewayEndpointResponse: { endpoint: "GatewayEndpoint" },
  GetGatewayGuardrail: { guardrail_id: "string" },
  GetGatewayGuardrailResponse: { guardrail: "GatewayGuardrail" },
  GetGatewayModelDefinition: { model_definition_id: "string" },
  GetGatewayModelDefinitionResponse: { model_definition: "GatewayModelDefinition" },
  GetGatewaySecretInfo: { secret_id: "string", secret_name: "string" },
  GetGatewaySecretInfoResponse: { secret: "GatewaySecretInfo" },
  GetIssue: { issue_id: "string" },
  GetIssueResponse: { issue: "Issue" },
  GetLabelSchema: { schema_id: "string" },
  GetLabelSchemaByName: { experiment_id: "string", name: "string" },
  GetLabelSchemaByNameResponse: { label_schema: "LabelSchema" },
  GetLabelSchemaResponse: { label_schema: "LabelSchema" },
  GetLatestVersions: { name: "string", stages: "string[]" },
  GetLatestVersionsResponse: { model_versions: "ModelVersion[]" },
  GetLoggedModel: { model_id: "string" },
  GetLoggedModelResponse: { model: "LoggedModel" },
  GetMetricHistory: { run_uuid: "string", metric_key: "string", run_id: "string", page_token: "string", max_results: "int32" },
  GetMetricHistoryBulkInterval: { run_ids: "string[]", metric_key: "string", start_step: "int32", end_step: "int32", max_results: "int32" },
  GetMetricHistoryBulkIntervalResponse: { metrics: "MetricWithRunId[]" },
  GetMetricHistoryResponse: { metrics: "Metric[]", next_page_token: "string" },
  GetModelVersion: { name: "string", version: "string" },
  GetModelVersionByAlias: { name: "string", alias: "string" },
  GetModelVersionByAliasResponse: { model_version: "ModelVersion" },
  GetModelVersionDownloadUri: { name: "string", version: "string" },
  GetModelVersionDownloadUriResponse: { artifact_uri: "string" },
  GetModelVersionResponse: { model_version: "ModelVersion" },
  GetOnlineTraceDetails: { trace_id: "string", sql_warehouse_id: "string", source_inference_table: "string", source_databricks_request_id: "string" },
  GetOnlineTraceDetailsResponse: { trace_data: "string" },
  GetOrCreateUserQueue: { experiment_id: "string", user: "string", created_by: "string" },
  GetOrCreateUserQueueResponse: { review_queue: "ReviewQueue" },
  GetPresignedDownloadUrl: {  },
  GetPresignedDownloadUrlResponse: { url: "string", headers: "map:string", file_size: "int64" },
  GetPromptOptimizationJob: { job_id: "string" },
  GetPromptOptimizationJobResponse: { job: "PromptOptimizationJob" },
  GetRegisteredModel: { name: "string" },
  GetRegisteredModelResponse: { registered_model: "RegisteredModel" },
  GetReviewQueue: { queue_id: "string" },
  GetReviewQueueByName: { experiment_id: "string", name: "string" },
  GetReviewQueueByNameResponse: { review_queue: "ReviewQueue" },
  GetReviewQueueResponse: { review_queue: "ReviewQueue" },
  GetRun: { run_uuid: "string", run_id: "string" },
  GetRunResponse: { run: "Run" },
  GetScorer: { experiment_id: "string", name: "string", version: "int32" },
  GetScorerResponse: { scorer: "Scorer" },
  GetTrace: { trace_id: "string", allow_partial: "bool" },
  GetTraceInfo: { request_id: "string" },
  GetTraceInfoResponse: { trace_info: "TraceInfo" },
  GetTraceInfoV3: { trace_id: "string" },
  GetTraceInfoV3Response: { trace: "Trace" },
  GetTraceResponse: { trace: "Trace" },
  GetWebhook: { webhook_id: "string" },
  GetWebhookResponse: { webhook: "Webhook" },
  GetWorkspace: { workspace_name: "string" },
  GetWorkspaceResponse: { workspace: "Workspace" },
  InputCategorical: { options: "string[]", multi_select: "bool" },
  InputNumeric: { min_value: "double", max_value: "double" },
  InputPassFail: { positive_label: "string", negative_label: "string" },
  InputTag: { key: "string", value: "string" },
  InputText: { max_length: "int64" },
  Issue: { issue_id: "string", experiment_id: "string", name: "string", description: "string", status: "string", severity: "string", root_causes: "string[]", source_run_id: "string", created_timestamp: "int64", last_updated_timestamp: "int64", created_by: "string", categories: "string[]", trace_count: "int32" },
  IssueReference: { issue_name: "string" },
  JobProgress: { phase: "string", completed: "int64", total: "int64", unit: "string" },
  JobState: { status: "enum:JobStatus", error_message: "string", metadata: "map:string", status_message: "string", progress: "JobProgress", progress_updated_at: "int64" },
  KeyValue: { key: "string", value: "AnyValue", key_strindex: "int32" },
  KeyValueList: { values: "KeyValue[]" },
  LabelSchema: { schema_id: "string", experiment_id: "string", name: "string", type: "enum:LabelSchemaType", instruction: "string", enable_comment: "bool", input: "LabelSchemaInput", created_by: "string", created_at: "int64", last_updated_at: "int64", is_default: "bool" },
  LabelSchemaInput: { pass_fail: "InputPassFail", categorical: "InputCategorical", numeric: "InputNumeric", text: "InputText" },
  LinkPromptsToTrace: { trace_id: "string", prompt_versions: "LinkPromptsToTracePromptVersionRef[]" },
  LinkPromptsToTracePromptVersionRef: { name: "string", version: "string" },
  LinkPromptsToTraceResponse: {  },
  LinkTracesToRun: { trace_ids: "string[]", run_id: "string" },
  LinkTracesToRunResponse: {  },
  ListArtifacts: { run_uuid: "string", path: "string", run_id: "string", page_token: "string" },
  ListArtifactsResponse: { root_uri: "string", files: "FileInfo[]", next_page_token: "string" },
  ListEndpointGuardrailConfigs: { endpoint_id: "string" },
  ListEndpointGuardrailConfigsResponse: { configs: "GatewayGuardrailConfig[]" },
  ListGatewayBudgetPolicies: { max_results: "int64", page_token: "string" },
  ListGatewayBudgetPoliciesResponse: { budget_policies: "GatewayBudgetPolicy[]", next_page_token: "string" },
  ListGatewayBudgetWindows: {  },
  ListGatewayBudgetWindowsBudgetWindow: { budget_policy_id: "string", window_start_ms: "int64", window_end_ms: "int64", current_spend: "double" },
  ListGatewayBudgetWindowsResponse: { windows: "ListGatewayBudgetWindowsBudgetWindow[]" },
  ListGatewayEndpointBindings: { endpoint_id: "string", resource_type: "string", resource_id: "string" },
  ListGatewayEndpointBindingsResponse: { bindings: "GatewayEndpointBinding[]" },
  ListGatewayEndpoints: { provider: "string", secret_id: "string" },
  ListGatewayEndpointsResponse: { endpoints: "GatewayEndpoint[]" },
  ListGatewayGuardrails: { max_results: "int64", page_token: "string" },
  ListGatewayGuardrailsResponse: { guardrails: "GatewayGuardrail[]", next_page_token: "string" },
  ListGatewayModelDefinitions: { provider: "string", secret_id: "string" },
  ListGatewayModelDefinitionsResponse: { model_definitions: "GatewayModelDefinition[]" },
  ListGatewaySecretInfos: { provider: "string" },
  ListGatewaySecretInfosResponse: { secrets: "GatewaySecretInfo[]" },
  ListLabelSchemas: { experiment_id: "string", max_results: "int32", page_token: "string" },
  ListLabelSchemasResponse: { label_schemas: "LabelSchema[]", next_page_token: "string" },
  ListLoggedModelArtifacts: { model_id: "string", artifact_directory_path: "string", page_token: "string" },
  ListLoggedModelArtifactsResponse: { root_uri: "string", files: "FileInfo[]", next_page_token: "string" },
  ListReviewQueueItems: { queue_id: "string", status: "enum:ReviewStatus", max_results: "int32", page_token: "string" },
  ListReviewQueueItemsResponse: { items: "ReviewQueueItem[]", next_page_token: "string" },
  ListReviewQueues: { experiment_id: "string", user: "string", max_results: "int32", page_token: "string", item_id: "string" },
  ListReviewQueuesResponse: { review_queues: "ReviewQueue[]", next_page_token: "string" },
  ListScorerVersions: { experiment_id: "string", name: "string" },
  ListScorerVersionsResponse: { scorers: "Scorer[]" },
  ListScorers: { experiment_id: "string", experiment_ids: "string[]" },
  ListScorersResponse: { scorers: "Scorer[]" },
  ListWebhooks: { max_results: "int32", page_token: "string" },
  ListWebhooksResponse: { webhooks: "Webhook[]", next_page_token: "string" },
  ListWorkspaces: {  },
  ListWorkspacesResponse: { workspaces: "Workspace[]" },
  LogBatch: { run_id: "string", metrics: "Metric[]", params: "Param[]", tags: "RunTag[]" },
  LogBatchResponse: {  },
  LogInputs: { run_id: "string", datasets: "DatasetInput[]", models: "ModelInput[]" },
  LogInputsResponse: {  },
  LogLoggedModelParamsRequest: { model_id: "string", params: "LoggedModelParameter[]" },
  LogLoggedModelParamsRequestResponse: {  },
  LogMetric: { run_uuid: "string", key: "string", value: "double", timestamp: "int64", step: "int64", run_id: "string", model_id: "string", dataset_name: "string", dataset_digest: "string" },
  LogMetricResponse: {  },
  LogModel: { run_id: "string", model_json: "string" },
  LogModelResponse: {  },
  LogOutputs: { run_id: "string", models: "ModelOutput[]" },
  LogOutputsResponse: {  },
  LogParam: { run_uuid: "string", key: "string", value: "string", run_id: "string" },
  LogParamResponse: {  },
  LoggedModel: { info: "LoggedModelInfo", data: "LoggedModelData" },
  LoggedModelData: { params: "LoggedModelParameter[]", metrics: "Metric[]" },
  LoggedModelInfo: { model_id: "string", experiment_id: "string", name: "string", creation_timestamp_ms: "int64", last_updated_timestamp_ms: "int64", artifact_uri: "string", status: "enum:LoggedModelStatus", creator_id: "int64", model_type: "string", source_run_id: "string", status_message: "string", tags: "LoggedModelTag[]", registrations: "LoggedModelRegistrationInfo[]" },
  LoggedModelParameter: { key: "string", value: "string" },
  LoggedModelRegistrationInfo: { name: "string", version: "string" },
  LoggedModelTag: { key: "string", value: "string" },
  Metric: { key: "string", value: "double", timestamp: "int64", step: "int64", dataset_name: "string", dataset_digest: "string", model_id: "string", run_id: "string" },
  MetricAggregation: { aggregation_type: "enum:AggregationType", percentile_value: "double" },
  MetricDataPoint: { metric_name: "string", dimensions: "map:string", values: "map:double" },
  MetricWithRunId: { key: "string", value: "double", timestamp: "int64", step: "int64", run_id: "string" },
  ModelInput: { model_id: "string" },
  ModelMetric: { key: "string", value: "double", timestamp: "int64", step: "int64", dataset_name: "string", dataset_digest: "string", model_id: "string", run_id: "string" },
  ModelOutput: { model_id: "string", step: "int64" },
  ModelParam: { name: "string", value: "string" },
  ModelVersion: { name: "string", version: "string", creation_timestamp: "int64", last_updated_timestamp: "int64", user_id: "string", current_stage: "string", description: "string", source: "string", run_id: "string", status: "enum:ModelVersionStatus", status_message: "string", tags: "ModelVersionTag[]", run_link: "string", aliases: "string[]", model_id: "string", model_params: "ModelParam[]", model_metrics: "ModelMetric[]", deployment_job_state: "ModelVersionDeploymentJobState" },
  ModelVersionDeploymentJobState: { job_id: "string", run_id: "string", job_state: "enum:DeploymentJobConnectionState", run_state: "enum:ModelVersionDeploymentJobStateDeploymentJobRunState", current_task_name: "string" },
  ModelVersionTag: { key: "string", value: "string" },
  MultipartUploadCredential: { url: "string", part_number: "int64", headers: "map:string" },
  MultipartUploadPart: { part_number: "int64", etag: "string", url: "string" },
  Param: { key: "string", value: "string" },
  PromptOptimizationJob: { job_id: "string", run_id: "string", state: "JobState", experiment_id: "string", source_prompt_uri: "string", optimized_prompt_uri: "string", config: "PromptOptimizationJobConfig", creation_timestamp_ms: "int64", completion_timestamp_ms: "int64", tags: "PromptOptimizationJobTag[]", initial_eval_scores: "map:double", final_eval_scores: "map:double" },
  PromptOptimizationJobConfig: { optimizer_type: "enum:OptimizerType", dataset_id: "string", scorers: "string[]", optimizer_config_json: "string" },
  PromptOptimizationJobTag: { key: "string", value: "string" },
  QueryTraceMetrics: { experiment_ids: "string[]", view_type: "enum:MetricViewType", metric_name: "string", aggregations: "MetricAggregation[]", dimensions: "string[]", filters: "string[]", time_interval_seconds: "int64", start_time_ms: "int64", end_time_ms: "int64", max_results: "int32", page_token: "string" },
  QueryTraceMetricsResponse: { data_points: "MetricDataPoint[]", next_page_token: "string" },
  RegisterScorer: { experiment_id: "string", name: "string", serialized_scorer: "string" },
  RegisterScorerResponse: { version: "int32", scorer_id: "string", experiment_id: "string", name: "string", serialized_scorer: "string", creation_time: "int64" },
  RegisteredModel: { name: "string", creation_timestamp: "int64", last_updated_timestamp: "int64", user_id: "string", description: "string", latest_versions: "ModelVersion[]", tags: "RegisteredModelTag[]", aliases: "RegisteredModelAlias[]", deployment_job_id: "string", deployment_job_state: "enum:DeploymentJobConnectionState" },
  RegisteredModelAlias: { alias: "string", version: "string" },
  RegisteredModelTag: { key: "string", value: "string" },
  RemoveDatasetFromExperiments: { dataset_id: "string", experiment_ids: "string[]" },
  RemoveDatasetFromExperimentsResponse: { dataset: "DatasetsDataset" },
  RemoveGuardrailFromEndpoint: { endpoint_id: "string", guardrail_id: "string" },
  RemoveGuardrailFromEndpointResponse: {  },
  RemoveItemsFromReviewQueue: { queue_id: "string", item_ids: "string[]" },
  RemoveItemsFromReviewQueueResponse: {  },
  RenameRegisteredModel: { name: "string", new_name: "string" },
  RenameRegisteredModelResponse: { registered_model: "RegisteredModel" },
  RestoreExperiment: { experiment_id: "string" },
  RestoreExperimentResponse: {  },
  RestoreRun: { run_id: "string" },
  RestoreRunResponse: {  },
  ReviewQueue: { queue_id: "string", experiment_id: "string", name: "string", queue_type: "enum:ReviewQueueType", created_by: "string", creation_time_ms: "int64", last_update_time_ms: "int64", users: "string[]", schema_ids: "string[]" },
  ReviewQueueItem: { queue_id: "string", item_type: "enum:ReviewItemType", item_id: "string", status: "enum:ReviewStatus", completed_by: "string", completed_time_ms: "int64", creation_time_ms: "int64", last_update_time_ms: "int64" },
  Run: { info: "RunInfo", data: "RunData", inputs: "RunInputs", outputs: "RunOutputs" },
  RunData: { metrics: "Metric[]", params: "Param[]", tags: "RunTag[]" },
  RunInfo: { run_uuid: "string", experiment_id: "string", run_name: "string", user_id: "string", status: "enum:RunStatus", start_time: "int64", end_time: "int64", artifact_uri: "string", lifecycle_stage: "string", run_id: "string" },
  RunInputs: { dataset_inputs: "DatasetInput[]", model_inputs: "ModelInput[]" },
  RunOutputs: { model_outputs: "ModelOutput[]" },
  RunTag: { key: "string", value: "string" },
  Scorer: { experiment_id: "int32", scorer_name: "string", scorer_version: "int32", serialized_scorer: "string", creation_time: "int64", scorer_id: "string" },
  SearchDatasets: { experiment_ids: "string[]" },
  SearchDatasetsResponse: { dataset_summaries: "DatasetSummary[]" },
  SearchEvaluationDatasets: { experiment_ids: "string[]", filter_string: "string", max_results: "int32", order_by: "string[]", page_token: "string" },
  SearchEvaluationDatasetsResponse: { datasets: "DatasetsDataset[]", next_page_token: "string" },
  SearchExperiments: { max_results: "int64", page_token: "string", filter: "string", order_by: "string[]", view_type: "enum:ViewType" },
  SearchExperimentsResponse: { experiments: "Experiment[]", next_page_token: "string" },
  SearchIssues: { experiment_id: "string", filter_string: "string", max_results: "int32", page_token: "string", include_trace_count: "bool" },
  SearchIssuesResponse: { issues: "Issue[]", next_page_token: "string" },
  SearchLoggedModels: { experiment_ids: "string[]", filter: "string", max_results: "int32", order_by: "SearchLoggedModelsOrderBy[]", page_token: "string", datasets: "SearchLoggedModelsDataset[]" },
  SearchLoggedModelsDataset: { dataset_name: "string", dataset_digest: "string" },
  SearchLoggedModelsOrderBy: { field_name: "string", ascending: "bool", dataset_name: "string", dataset_digest: "string" },
  SearchLoggedModelsResponse: { models: "LoggedModel[]", next_page_token: "string" },
  SearchModelVersions: { filter: "string", max_results: "int64", order_by: "string[]", page_token: "string" },
  SearchModelVersionsResponse: { model_versions: "ModelVersion[]", next_page_token: "string" },
  SearchPromptOptimizationJobs: { experiment_id: "string" },
  SearchPromptOptimizationJobsResponse: { jobs: "PromptOptimizationJob[]" },
  SearchRegisteredModels: { filter: "string", max_results: "int64", order_by: "string[]", page_token: "string" },
  SearchRegisteredModelsResponse: { registered_models: "RegisteredModel[]", next_page_token: "string" },
  SearchRuns: { experiment_ids: "string[]", run_view_type: "enum:ViewType", filter: "string", max_results: "int32", order_by: "string[]", page_token: "string" },
  SearchRunsResponse: { runs: "Run[]", next_page_token: "string" },
  SearchTraces: { experiment_ids: "string[]", filter: "string", max_results: "int32", order_by: "string[]", page_token: "string" },
  SearchTracesResponse: { traces: "TraceInfo[]", next_page_token: "string" },
  SearchTracesV3: { locations: "TraceLocation[]", filter: "string", max_results: "int32", order_by: "string[]", page_token: "string" },
  SearchTracesV3Response: { traces: "TraceInfoV3[]", next_page_token: "string" },
  SearchUnifiedTraces: { model_id: "string", sql_warehouse_id: "string", experiment_ids: "string[]", filter: "string", max_results: "int32", order_by: "string[]", page_token: "string" },
  SearchUnifiedTracesResponse: { traces: "TraceInfo[]", next_page_token: "string" },
  SetDatasetTags: { dataset_id: "string", tags: "string" },
  SetDatasetTagsResponse: { dataset: "DatasetsDataset" },
  SetExperimentTag: { experiment_id: "string", key: "string", value: "string" },
  SetExperimentTagResponse: {  },
  SetGatewayEndpointTag: { endpoint_id: "string", key: "string", value: "string" },
  SetGatewayEndpointTagResponse: {  },
  SetLoggedModelTags: { model_id: "string", tags: "LoggedModelTag[]" },
  SetLoggedModelTagsResponse: { model: "LoggedModel" },
  SetModelVersionTag: { name: "string", version: "string", key: "string", value: "string" },
  SetModelVersionTagResponse: {  },
  SetRegisteredModelAlias: { name: "string", alias: "string", version: "string" },
  SetRegisteredModelAliasResponse: {  },
  SetRegisteredModelTag: { name: "string", key: "string", value: "string" },
  SetRegisteredModelTagResponse: {  },
  SetReviewQueueItemStatus: { queue_id: "string", item_id: "string", status: "enum:ReviewStatus", completed_by: "string" },
  SetReviewQueueItemStatusResponse: { item: "ReviewQueueItem" },
  SetTag: { run_uuid: "string", key: "string", value: "string", run_id: "string" },
  SetTagResponse: {  },
  SetTraceTag: { request_id: "string", key: "string", value: "string" },
  SetTraceTagResponse: {  },
  SetTraceTagV3: { key: "string", value: "string", trace_id: "string" },
  SetTraceTagV3Response: {  },
  Span: { trace_id: "bytes", span_id: "bytes", trace_state: "string", parent_span_id: "bytes", name: "string", kind: "enum:SpanSpanKind", start_time_unix_nano: "int64", end_time_unix_nano: "int64", attributes: "KeyValue[]", dropped_attributes_count: "int32", events: "SpanEvent[]", dropped_events_count: "int32", links: "SpanLink[]", dropped_links_count: "int32", status: "Status", flags: "int32" },
  SpanEvent: { time_unix_nano: "int64", name: "string", attributes: "KeyValue[]", dropped_attributes_count: "int32" },
  SpanLink: { trace_id: "bytes", span_id: "bytes", trace_state: "string", attributes: "KeyValue[]", dropped_attributes_count: "int32", flags: "int32" },
  StartTrace: { experiment_id: "string", timestamp_ms: "int64", request_metadata: "TraceRequestMetadata[]", tags: "TraceTag[]" },
  StartTraceResponse: { trace_info: "TraceInfo" },
  StartTraceV3: { trace: "Trace" },
  StartTraceV3Response: { trace: "Trace" },
  Status: { message: "string", code: "enum:StatusStatusCode" },
  TestWebhook: { webhook_id: "string", event: "WebhookEvent" },
  TestWebhookResponse: { result: "WebhookTestResult" },
  Trace: { trace_info: "TraceInfoV3", spans: "Span[]" },
  TraceArchivalConfig: { location: "string", retention: "string" },
  TraceInfo: { request_id: "string", experiment_id: "string", timestamp_ms: "int64", execution_time_ms: "int64", status: "enum:TraceStatus", request_metadata: "TraceRequestMetadata[]", tags: "TraceTag[]" },
  TraceInfoV3: { trace_id: "string", client_request_id: "string", trace_location: "TraceLocation", request: "string", response: "string", request_time: "timestamp", execution_duration: "duration", state: "enum:TraceInfoV3State", trace_metadata: "map:string", assessments: "Assessment[]", tags: "map:string", request_preview: "string", response_preview: "string" },
  TraceLocation: { type: "enum:TraceLocationTraceLocationType", mlflow_experiment: "TraceLocationMlflowExperimentLocation", inference_table: "TraceLocationInferenceTableLocation" },
  TraceLocationInferenceTableLocation: { full_table_name: "string" },
  TraceLocationMlflowExperimentLocation: { experiment_id: "string" },
  TraceRequestMetadata: { key: "string", value: "string" },
  TraceTag: { key: "string", value: "string" },
  TransitionModelVersionStage: { name: "string", version: "string", stage: "string", archive_existing_versions: "bool" },
  TransitionModelVersionStageResponse: { model_version: "ModelVersion" },
  UpdateAssessment: { assessment: "Assessment", update_mask: "FieldMask" },
  UpdateAssessmentResponse: { assessment: "Assessment" },
  UpdateEndpointGuardrailConfig: { endpoint_id: "string", guardrail_id: "string", execution_order: "int64" },
  UpdateEndpointGuardrailConfigResponse: { config: "GatewayGuardrailConfig" },
  UpdateExperiment: { experiment_id: "string", new_name: "string" },
  UpdateExperimentResponse: {  },
  UpdateGatewayBudgetPolicy: { budget_policy_id: "string", budget_unit: "enum:BudgetUnit", budget_amount: "double", duration: "BudgetDuration", target_scope: "enum:BudgetTargetScope", budget_action: "enum:BudgetAction", updated_by: "string", target_value: "string" },
  UpdateGatewayBudgetPolicyResponse: { budget_policy: "GatewayBudgetPolicy" },
  UpdateGatewayEndpoint: { endpoint_id: "string", name: "string", updated_by: "string", model_configs: "GatewayEndpointModelConfig[]", routing_strategy: "enum:RoutingStrategy", fallback_config: "FallbackConfig", experiment_id: "string", usage_tracking: "bool" },
  UpdateGatewayEndpointResponse: { endpoint: "GatewayEndpoint" },
  UpdateGatewayModelDefinition: { model_definition_id: "string", name: "string", secret_id: "string", model_name: "string", updated_by: "string", provider: "string" },
  UpdateGatewayModelDefinitionResponse: { model_definition: "GatewayModelDefinition" },
  UpdateGatewaySecret: { secret_id: "string", secret_value: "map:string", auth_config: "map:string", updated_by: "string" },
  UpdateGatewaySecretResponse: { secret: "GatewaySecretInfo" },
  UpdateIssue: { issue_id: "string", name: "string", description: "string", status: "string", severity: "string" },
  UpdateIssueResponse: { issue: "Issue" },
  UpdateLabelSchema: { schema_id: "string", name: "string", instruction: "string", enable_comment: "bool", input: "LabelSchemaInput" },
  UpdateLabelSchemaResponse: { label_schema: "LabelSchema" },
  UpdateModelVersion: { name: "string", version: "string", description: "string" },
  UpdateModelVersionResponse: { model_version: "ModelVersion" },
  UpdateRegisteredModel: { name: "string", description: "string", deployment_job_id: "string" },
  UpdateRegisteredModelResponse: { registered_model: "RegisteredModel" },
  UpdateReviewQueue: { queue_id: "string", update_users: "bool", users: "string[]", update_schema_ids: "bool", schema_ids: "string[]", name: "string", new_owner: "string" },
  UpdateReviewQueueResponse: { review_queue: "ReviewQueue" },
  UpdateRun: { run_uuid: "string", status: "enum:RunStatus", end_time: "int64", run_id: "string", run_name: "string" },
  UpdateRunResponse: { run_info: "RunInfo" },
  UpdateWebhook: { webhook_id: "string", name: "string", description: "string", url: "string", events: "WebhookEvent[]", secret: "string", status: "enum:WebhookStatus" },
  UpdateWebhookResponse: { webhook: "Webhook" },
  UpdateWorkspace: { workspace_name: "string", description: "string", default_artifact_root: "string", trace_archival_config: "TraceArchivalConfig" },
  UpdateWorkspaceResponse: { workspace: "Workspace" },
  UploadArtifact: {  },
  UploadArtifactResponse: {  },
  UpsertDatasetRecords: { dataset_id: "string", records: "string", updated_by: "string" },
  UpsertDatasetRecordsResponse: { inserted_count: "int32", updated_count: "int32" },
  Webhook: { webhook_id: "string", name: "string", description: "string", url: "string", events: "WebhookEvent[]", status: "enum:WebhookStatus", creation_timestamp: "int64", last_updated_timestamp: "int64" },
  WebhookEvent: { entity: "enum:WebhookEntity", action: "enum:WebhookAction" },
  WebhookTestResult: { success: "bool", response_status: "int32", response_body: "string", error_message: "string" },
  Workspace: { name: "string", description: "string", default_artifact_root: "string", trace_archival_config: "TraceArchivalConfig" },
};

/** Values by number, as protobuf's JSON accepts both. */
export const ENUMS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AggregationType: { COUNT: 1, SUM: 2, AVG: 3, PERCENTILE: 4, MIN: 5, MAX: 6 },
  AssessmentSourceSourceType: { SOURCE_TYPE_UNSPECIFIED: 0, HUMAN: 1, LLM_JUDGE: 2, CODE: 3 },
  BudgetAction: { BUDGET_ACTION_UNSPECIFIED: 0, ALERT: 1, REJECT: 2 },
  BudgetDurationUnit: { DURATION_UNIT_UNSPECIFIED: 0, MINUTES: 1, HOURS: 2, DAYS: 3, WEEKS: 4, MONTHS: 5 },
  BudgetTargetScope: { TARGET_SCOPE_UNSPECIFIED: 0, GLOBAL: 1, WORKSPACE: 2, ENDPOINT: 3, USER: 4 },
  BudgetUnit: { BUDGET_UNIT_UNSPECIFIED: 0, USD: 1 },
  DatasetRecordSourceSourceType: { SOURCE_TYPE_UNSPECIFIED: 0, TRACE: 1, HUMAN: 2, DOCUMENT: 3, CODE: 4 },
  DeploymentJobConnectionState: { DEPLOYMENT_JOB_CONNECTION_STATE_UNSPECIFIED: 0, NOT_SET_UP: 1, CONNECTED: 2, NOT_FOUND: 3, REQUIRED_PARAMETERS_CHANGED: 4 },
  FallbackStrategy: { FALLBACK_STRATEGY_UNSPECIFIED: 0, SEQUENTIAL: 1 },
  GatewayModelLinkageType: { LINKAGE_TYPE_UNSPECIFIED: 0, PRIMARY: 1, FALLBACK: 2 },
  GuardrailAction: { GUARDRAIL_ACTION_UNSPECIFIED: 0, VALIDATION: 1, SANITIZATION: 2 },
  GuardrailStage: { GUARDRAIL_STAGE_UNSPECIFIED: 0, BEFORE: 1, AFTER: 2 },
  JobStatus: { JOB_STATUS_UNSPECIFIED: 0, JOB_STATUS_PENDING: 1, JOB_STATUS_IN_PROGRESS: 2, JOB_STATUS_COMPLETED: 3, JOB_STATUS_FAILED: 4, JOB_STATUS_CANCELED: 5, JOB_STATUS_NEEDS_RECOVERY: 6 },
  LabelSchemaType: { LABEL_SCHEMA_TYPE_UNSPECIFIED: 0, FEEDBACK: 1, EXPECTATION: 2 },
  LoggedModelStatus: { LOGGED_MODEL_STATUS_UNSPECIFIED: 0, LOGGED_MODEL_PENDING: 1, LOGGED_MODEL_READY: 2, LOGGED_MODEL_UPLOAD_FAILED: 3 },
  MetricViewType: { TRACES: 1, SPANS: 2, ASSESSMENTS: 3 },
  ModelVersionDeploymentJobStateDeploymentJobRunState: { DEPLOYMENT_JOB_RUN_STATE_UNSPECIFIED: 0, NO_VALID_DEPLOYMENT_JOB_FOUND: 1, RUNNING: 2, SUCCEEDED: 3, FAILED: 4, PENDING: 5, APPROVAL: 6 },
  ModelVersionStatus: { PENDING_REGISTRATION: 1, FAILED_REGISTRATION: 2, READY: 3 },
  OptimizerType: { OPTIMIZER_TYPE_UNSPECIFIED: 0, OPTIMIZER_TYPE_GEPA: 1, OPTIMIZER_TYPE_METAPROMPT: 2 },
  ReviewItemType: { REVIEW_ITEM_TYPE_UNSPECIFIED: 0, TRACE: 1 },
  ReviewQueueType: { REVIEW_QUEUE_TYPE_UNSPECIFIED: 0, USER: 1, CUSTOM: 2 },
  ReviewStatus: { REVIEW_STATUS_UNSPECIFIED: 0, PENDING: 1, COMPLETE: 2, DECLINED: 3 },
  RoutingStrategy: { ROUTING_STRATEGY_UNSPECIFIED: 0, REQUEST_BASED_TRAFFIC_SPLIT: 1 },
  RunStatus: { RUNNING: 1, SCHEDULED: 2, FINISHED: 3, FAILED: 4, KILLED: 5 },
  SpanSpanKind: { SPAN_KIND_UNSPECIFIED: 0, SPAN_KIND_INTERNAL: 1, SPAN_KIND_SERVER: 2, SPAN_KIND_CLIENT: 3, SPAN_KIND_PRODUCER: 4, SPAN_KIND_CONSUMER: 5 },
  StatusStatusCode: { STATUS_CODE_UNSET: 0, STATUS_CODE_OK: 1, STATUS_CODE_ERROR: 2 },
  TraceInfoV3State: { STATE_UNSPECIFIED: 0, OK: 1, ERROR: 2, IN_PROGRESS: 3 },
  TraceLocationTraceLocationType: { TRACE_LOCATION_TYPE_UNSPECIFIED: 0, MLFLOW_EXPERIMENT: 1, INFERENCE_TABLE: 2 },
  TraceStatus: { TRACE_STATUS_UNSPECIFIED: 0, OK: 1, ERROR: 2, IN_PROGRESS: 3 },
  ViewType: { ACTIVE_ONLY: 1, DELETED_ONLY: 2, ALL: 3 },
  WebhookAction: { ACTION_UNSPECIFIED: 0, CREATED: 1, UPDATED: 2, DELETED: 3, SET: 4, EXCEEDED: 5 },
  WebhookEntity: { ENTITY_UNSPECIFIED: 0, REGISTERED_MODEL: 1, MODEL_VERSION: 2, MODEL_VERSION_TAG: 3, MODEL_VERSION_ALIAS: 4, PROMPT: 5, PROMPT_VERSION: 6, PROMPT_TAG: 7, PROMPT_VERSION_TAG: 8, PROMPT_ALIAS: 9, BUDGET_POLICY: 10 },
  WebhookStatus: { ACTIVE: 1, DISABLED: 2 },
};

/** What MLflow's handlers check of a request before they act, in their order. */
export const CHECKS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  AbortMultipartUpload: { path: ["required", "string"], upload_id: ["string"] },
  AddDatasetToExperiments: { experiment_ids: ["array"] },
  AddGuardrailToEndpoint: { endpoint_id: ["required", "string"], guardrail_id: ["required", "string"], execution_order: ["intlike"] },
  AddItemsToReviewQueue: { queue_id: ["required", "string"] },
  AttachModelToGatewayEndpoint: { endpoint_id: ["required", "string"], model_config: ["required"], created_by: ["string"] },
  BatchGetTraceInfos: { trace_ids: ["array", "required", "item_type_string"], experiment_ids: ["array", "item_type_string"] },
  BatchGetTraces: { trace_ids: ["array", "required", "item_type_string"], experiment_ids: ["array", "item_type_string"] },
  CalculateTraceFilterCorrelation: { experiment_ids: ["array", "required", "item_type_string"], filter_string1: ["string", "required"], filter_string2: ["string", "required"], base_filter: ["string"] },
  CompleteMultipartUpload: { path: ["required", "string"], upload_id: ["string"], parts: ["required"] },
  CreateAssessment: { assessment: ["required"] },
  CreateDataset: { name: ["required", "string"], experiment_ids: ["array"], tags: ["string"] },
  CreateExperiment: { name: ["required", "string"], artifact_location: ["string"], tags: ["array"] },
  CreateGatewayBudgetPolicy: { budget_unit: ["required"], budget_amount: ["required"], duration: ["required"], target_scope: ["required"], budget_action: ["required"], created_by: ["string"], target_value: ["string"] },
  CreateGatewayEndpoint: { name: ["required", "string"], created_by: ["string"], model_configs: ["required"], routing_strategy: ["string"] },
  CreateGatewayEndpointBinding: { endpoint_id: ["required", "string"], resource_type: ["required", "string"], resource_id: ["required", "string"], created_by: ["string"] },
  CreateGatewayGuardrail: { name: ["required", "string"], scorer_id: ["required", "string"], scorer_version: ["required", "intlike"], stage: ["required"], action: ["required"], action_endpoint_id: ["string"] },
  CreateGatewayModelDefinition: { name: ["required", "string"], secret_id: ["required", "string"], provider: ["required", "string"], model_name: ["required", "string"], created_by: ["string"] },
  CreateGatewaySecret: { secret_name: ["required", "string"], provider: ["string"], created_by: ["string"] },
  CreateIssue: { name: ["required", "string"], description: ["required", "string"], experiment_id: ["required", "string"] },
  CreateLabelSchema: { experiment_id: ["required", "string"], name: ["required", "string"] },
  CreateLoggedModel: { experiment_id: ["string", "required"], name: ["string"], model_type: ["string"], source_run_id: ["string"], params: ["array"], tags: ["array"] },
  CreateModelVersion: { name: ["string", "required"], source: ["string", "required"], run_id: ["string"], tags: ["array"], run_link: ["string"], description: ["string"], model_id: ["string"] },
  CreateMultipartUpload: { path: ["required", "string"], num_parts: ["intlike"] },
  CreatePresignedDownloadUrl: { run_id: ["required", "string"], path: ["required", "string"], expiration: ["intlike"] },
  CreatePresignedUploadUrl: { run_id: ["string"], model_id: ["string"], path: ["required", "string"], expiration: ["intlike"] },
  CreatePromptOptimizationJob: { experiment_id: ["string"], source_prompt_uri: ["string", "required"], config: ["required"], tags: ["array"] },
  CreateRegisteredModel: { name: ["string", "required"], tags: ["array"], description: ["string"] },
  CreateReviewQueue: { experiment_id: ["required", "string"], name: ["required", "string"] },
  CreateRun: { experiment_id: ["string"], start_time: ["intlike"], run_name: ["string"] },
  CreateWebhook: { name: ["string", "required"], url: ["string", "required"], events: ["array", "required"], description: ["string"], secret: ["string"], status: ["string"] },
  DeleteDatasetRecords: { dataset_record_ids: ["array"] },
  DeleteExperiment: { experiment_id: ["required", "string"] },
  DeleteExperimentTag: { experiment_id: ["required", "string"], key: ["required", "string"] },
  DeleteGatewayBudgetPolicy: { budget_policy_id: ["required", "string"] },
  DeleteGatewayEndpoint: { endpoint_id: ["required", "string"] },
  DeleteGatewayEndpointBinding: { endpoint_id: ["required", "string"], resource_type: ["required", "string"], resource_id: ["required", "string"] },
  DeleteGatewayEndpointTag: { endpoint_id: ["required", "string"], key: ["required", "string"] },
  DeleteGatewayGuardrail: { guardrail_id: ["required", "string"] },
  DeleteGatewayModelDefinition: { model_definition_id: ["required", "string"] },
  DeleteGatewaySecret: { secret_id: ["required", "string"] },
  DeleteLabelSchema: { schema_id: ["required", "string"] },
  DeleteModelVersion: { name: ["string", "required"], version: ["string", "required"] },
  DeleteModelVersionTag: { name: ["string", "required"], version: ["string", "required"], key: ["string", "required"] },
  DeleteRegisteredModel: { name: ["string", "required"] },
  DeleteRegisteredModelAlias: { name: ["string", "required"], alias: ["string", "required"] },
  DeleteRegisteredModelTag: { name: ["string", "required"], key: ["string", "required"] },
  DeleteReviewQueue: { queue_id: ["required", "string"] },
  DeleteRun: { run_id: ["required", "string"] },
  DeleteScorer: { experiment_id: ["required", "string"], name: ["required", "string"], version: ["intlike"] },
  DeleteTag: { run_id: ["required", "string"], key: ["required", "string"] },
  DeleteTraceTag: { key: ["string", "required"] },
  DeleteTraceTagV3: { key: ["string", "required"] },
  DeleteTraces: { experiment_id: ["string", "required"], max_timestamp_millis: ["intlike"], max_traces: ["intlike"], request_ids: ["array", "item_type_string"] },
  DetachModelFromGatewayEndpoint: { endpoint_id: ["required", "string"], model_definition_id: ["required", "string"] },
  EndTrace: { timestamp_ms: ["intlike"], status: ["string"] },
  FinalizeLoggedModel: { model_id: ["string", "required"], status: ["intlike", "required"] },
  GetDatasetRecords: { max_results: ["intlike"], page_token: ["string"] },
  GetExperiment: { experiment_id: ["required", "string"] },
  GetExperimentByName: { experiment_name: ["required", "string"] },
  GetGatewayBudgetPolicy: { budget_policy_id: ["required", "string"] },
  GetGatewayEndpoint: { endpoint_id: ["string"], name: ["string"] },
  GetGatewayGuardrail: { guardrail_id: ["required", "string"] },
  GetGatewayModelDefinition: { model_definition_id: ["required", "string"] },
  GetGatewaySecretInfo: { secret_id: ["required", "string"] },
  GetLabelSchema: { schema_id: ["required", "string"] },
  GetLabelSchemaByName: { experiment_id: ["required", "string"], name: ["required", "string"] },
  GetLatestVersions: { name: ["string", "required"], stages: ["array", "item_type_string"] },
  GetMetricHistory: { run_id: ["string", "required"], metric_key: ["string", "required"], page_token: ["string"] },
  GetMetricHistoryBulkInterval: { run_ids: ["required", "array", "item_type_string"], metric_key: ["required", "string"], start_step: ["intlike"], end_step: ["intlike"], max_results: ["intlike"] },
  GetModelVersion: { name: ["string", "required"], version: ["string", "required"] },
  GetModelVersionByAlias: { name: ["string", "required"], alias: ["string", "required"] },
  GetOrCreateUserQueue: { experiment_id: ["required", "string"], user: ["required", "string"] },
  GetRegisteredModel: { name: ["string", "required"] },
  GetReviewQueue: { queue_id: ["required", "string"] },
  GetReviewQueueByName: { experiment_id: ["required", "string"], name: ["required", "string"] },
  GetRun: { run_id: ["required", "string"] },
  GetScorer: { experiment_id: ["required", "string"], name: ["required", "string"], version: ["intlike"] },
  GetTrace: { trace_id: ["string", "required"], allow_partial: ["bool"] },
  LinkPromptsToTrace: { trace_id: ["string", "required"], prompt_versions: ["array", "required"] },
  LinkTracesToRun: { trace_ids: ["array", "required", "item_type_string"], run_id: ["string", "required"] },
  ListArtifacts: { run_id: ["string", "required"], path: ["string"], page_token: ["string"] },
  ListEndpointGuardrailConfigs: { endpoint_id: ["required", "string"] },
  ListGatewayBudgetPolicies: { max_results: ["intlike"], page_token: ["string"] },
  ListGatewayEndpointBindings: { endpoint_id: ["string"], resource_type: ["string"], resource_id: ["string"] },
  ListGatewayEndpoints: { provider: ["string"] },
  ListGatewayGuardrails: { max_results: ["intlike"], page_token: ["string"] },
  ListGatewayModelDefinitions: { provider: ["string"], secret_id: ["string"] },
  ListGatewaySecretInfos: { provider: ["string"] },
  ListLabelSchemas: { experiment_id: ["required", "string"], max_results: ["intlike"] },
  ListLoggedModelArtifacts: { artifact_directory_path: ["string"] },
  ListReviewQueueItems: { queue_id: ["required", "string"], max_results: ["intlike"] },
  ListReviewQueues: { experiment_id: ["required", "string"], max_results: ["intlike"] },
  ListScorerVersions: { experiment_id: ["required", "string"], name: ["required", "string"] },
  ListScorers: { experiment_id: ["string"], experiment_ids: ["array", "item_type_string"] },
  ListWebhooks: { max_results: ["intlike"], page_token: ["string"] },
  LogBatch: { run_id: ["string", "required"], metrics: ["array"], params: ["array"], tags: ["array"] },
  LogInputs: { run_id: ["required", "string"], datasets: ["array"], models: ["array"] },
  LogLoggedModelParamsRequest: { model_id: ["string", "required"], params: ["array"] },
  LogMetric: { run_id: ["required", "string"], key: ["required", "string"], value: ["required", "floatlike"], timestamp: ["intlike", "required"], step: ["intlike"], model_id: ["string"], dataset_name: ["string"], dataset_digest: ["string"] },
  LogModel: { run_id: ["string", "required"], model_json: ["string", "required"] },
  LogOutputs: { run_id: ["required", "string"], models: ["required", "array"] },
  LogParam: { run_id: ["required", "string"], key: ["required", "string"], value: ["string"] },
  QueryTraceMetrics: { experiment_ids: ["array", "required", "item_type_string"], view_type: ["required"], metric_name: ["string", "required"], aggregations: ["array", "required"], dimensions: ["array", "item_type_string"], filters: ["array", "item_type_string"], time_interval_seconds: ["intlike"], start_time_ms: ["intlike"], end_time_ms: ["intlike"], max_results: ["intlike"], page_token: ["string"] },
  RegisterScorer: { experiment_id: ["required", "string"], name: ["required", "string"], serialized_scorer: ["required", "string"] },
  RemoveDatasetFromExperiments: { experiment_ids: ["array"] },
  RemoveGuardrailFromEndpoint: { endpoint_id: ["required", "string"], guardrail_id: ["required", "string"] },
  RemoveItemsFromReviewQueue: { queue_id: ["required", "string"] },
  RenameRegisteredModel: { name: ["string", "required"], new_name: ["string", "required"] },
  RestoreExperiment: { experiment_id: ["required", "string"] },
  RestoreRun: { run_id: ["required", "string"] },
  SearchEvaluationDatasets: { experiment_ids: ["array"], filter_string: ["string"], max_results: ["intlike"], order_by: ["array"], page_token: ["string"] },
  SearchExperiments: { view_type: ["intlike"], max_results: ["intlike"], order_by: ["array"], filter: ["string"], page_token: ["string"] },
  SearchLoggedModels: { experiment_ids: ["array", "item_type_string", "required"], filter: ["string"], datasets: ["array"], max_results: ["intlike"], order_by: ["array"], page_token: ["string"] },
  SearchModelVersions: { filter: ["string"], max_results: ["intlike"], order_by: ["array", "item_type_string"], page_token: ["string"] },
  SearchPromptOptimizationJobs: { experiment_id: ["required", "string"] },
  SearchRegisteredModels: { filter: ["string"], max_results: ["intlike"], order_by: ["array", "item_type_string"], page_token: ["string"] },
  SearchRuns: { experiment_ids: ["array"], filter: ["string"], max_results: ["intlike"], order_by: ["array", "item_type_string"] },
  SearchTraces: { experiment_ids: ["array", "item_type_string", "required"], filter: ["string"], max_results: ["intlike"], order_by: ["array", "item_type_string"], page_token: ["string"] },
  SearchTracesV3: { locations: ["array", "required"], filter: ["string"], max_results: ["intlike"], order_by: ["array", "item_type_string"], page_token: ["string"] },
  SetDatasetTags: { tags: ["required", "string"] },
  SetExperimentTag: { experiment_id: ["required", "string"], key: ["required", "string"], value: ["string"] },
  SetGatewayEndpointTag: { endpoint_id: ["required", "string"], key: ["required", "string"], value: ["string"] },
  SetLoggedModelTags: { tags: ["array"] },
  SetModelVersionTag: { name: ["string", "required"], version: ["string", "required"], key: ["string", "required"], value: ["string"] },
  SetRegisteredModelAlias: { name: ["string", "required"], alias: ["string", "required"], version: ["string", "required"] },
  SetRegisteredModelTag: { name: ["string", "required"], key: ["string", "required"], value: ["string"] },
  SetReviewQueueItemStatus: { queue_id: ["required", "string"], item_id: ["required", "string"] },
  SetTag: { run_id: ["required", "string"], key: ["required", "string"], value: ["string"] },
  SetTraceTag: { key: ["string", "required"], value: ["string"] },
  SetTraceTagV3: { key: ["string", "required"], value: ["string"] },
  StartTrace: { experiment_id: ["string"], timestamp_ms: ["intlike"] },
  StartTraceV3: { trace: ["required"] },
  TransitionModelVersionStage: { name: ["string", "required"], version: ["string", "required"], stage: ["string", "required"], archive_existing_versions: ["bool"] },
  UpdateAssessment: { assessment: ["required"], update_mask: ["required"] },
  UpdateEndpointGuardrailConfig: { endpoint_id: ["required", "string"], guardrail_id: ["required", "string"] },
  UpdateExperiment: { experiment_id: ["required", "string"], new_name: ["string", "required"] },
  UpdateGatewayBudgetPolicy: { budget_policy_id: ["required", "string"], updated_by: ["string"], target_value: ["string"] },
  UpdateGatewayEndpoint: { endpoint_id: ["required", "string"], name: ["string"], updated_by: ["string"], routing_strategy: ["string"] },
  UpdateGatewayModelDefinition: { model_definition_id: ["required", "string"], name: ["string"], secret_id: ["string"], model_name: ["string"], updated_by: ["string"], provider: ["string"] },
  UpdateGatewaySecret: { secret_id: ["required", "string"], updated_by: ["string"] },
  UpdateIssue: { issue_id: ["required"] },
  UpdateLabelSchema: { schema_id: ["required", "string"] },
  UpdateModelVersion: { name: ["string", "required"], version: ["string", "required"], description: ["string"] },
  UpdateRegisteredModel: { name: ["string", "required"], description: ["string"] },
  UpdateReviewQueue: { queue_id: ["required", "string"] },
  UpdateRun: { run_id: ["required", "string"], end_time: ["intlike"], status: ["string"], run_name: ["string"] },
  UpdateWebhook: { name: ["string"], description: ["string"], url: ["string"], events: ["array"], secret: ["string"], status: ["string"] },
  UpsertDatasetRecords: { records: ["required", "string"] },
};
