// What the keys of another backend's files mean (mlflow 3.17.2).
import type { KeyMeaning } from "../keys.ts";

const KUBERNETES: readonly KeyMeaning[] = [
  {
    key: "kube-context",
    holds: "value",
    text: "Context of the kubeconfig (`KUBECONFIG`, `~/.kube/config`); without it the current one.",
  },
  {
    key: "kube-job-template-path",
    holds: "value",
    text: "YAML file of a Job. MLflow writes name, image, command and environment of its first container. A relative path counts from the folder that the run is started in.",
  },
  {
    key: "repository-uri",
    holds: "value",
    text: "Where the image is pushed with `--build-image`, such as `registry.example/team/project`.",
  },
];

const CLUSTER: readonly KeyMeaning[] = [
  { key: "spark_version", holds: "value", text: "Databricks runtime of the cluster, such as `15.4.x-scala2.12`." },
  { key: "node_type_id", holds: "value", text: "Machine type of the cluster's nodes." },
  { key: "driver_node_type_id", holds: "value", text: "Machine type of the driver; without it that of the nodes." },
  { key: "num_workers", holds: "value", text: "Number of worker nodes." },
  { key: "autoscale", holds: "map", text: "`min_workers` and `max_workers` instead of `num_workers`." },
  { key: "instance_pool_id", holds: "value", text: "Pool that the nodes come from, instead of `node_type_id`." },
  { key: "policy_id", holds: "value", text: "Cluster policy." },
  { key: "spark_conf", holds: "map", text: "Settings of Spark." },
  { key: "spark_env_vars", holds: "map", text: "Environment variables of the cluster." },
  { key: "custom_tags", holds: "map", text: "Tags of the cluster." },
  { key: "aws_attributes", holds: "map", text: "What concerns AWS alone." },
  { key: "azure_attributes", holds: "map", text: "What concerns Azure alone." },
  { key: "gcp_attributes", holds: "map", text: "What concerns Google Cloud alone." },
];

const DATABRICKS: readonly KeyMeaning[] = [
  { key: "new_cluster", holds: "map", text: "The cluster that is made for the run. Its keys may also stand here." },
  { key: "libraries", holds: "map", text: "List of libraries beside mlflow, with `new_cluster`." },
  ...CLUSTER,
];

const AUTOSCALE: readonly KeyMeaning[] = [
  { key: "min_workers", holds: "value", text: "Fewest worker nodes." },
  { key: "max_workers", holds: "value", text: "Most worker nodes." },
];

const JOB: readonly KeyMeaning[] = [
  { key: "apiVersion", holds: "value", text: "`batch/v1`." },
  { key: "kind", holds: "value", text: "`Job`." },
  { key: "metadata", holds: "map", text: "`namespace` of the job; MLflow gives it a name of its own." },
  { key: "spec", holds: "map", text: "The job: its pod stands in `template`." },
];

const JOB_BELOW: Record<string, readonly KeyMeaning[]> = {
  metadata: [
    { key: "namespace", holds: "value", text: "Namespace of the job. MLflow needs it." },
    { key: "labels", holds: "map", text: "Labels of the job." },
    { key: "annotations", holds: "map", text: "Annotations of the job." },
  ],
  spec: [
    { key: "template", holds: "map", text: "The pod that does the work." },
    { key: "backoffLimit", holds: "value", text: "How often a pod that failed is tried again." },
    { key: "ttlSecondsAfterFinished", holds: "value", text: "When the ended job is removed, in seconds." },
    { key: "activeDeadlineSeconds", holds: "value", text: "How long the job may take, in seconds." },
  ],
  "spec.template": [
    { key: "metadata", holds: "map", text: "Labels and annotations of the pod." },
    { key: "spec", holds: "map", text: "Containers of the pod." },
  ],
  "spec.template.spec": [
    { key: "containers", holds: "map", text: "MLflow runs the project in the first one." },
    { key: "restartPolicy", holds: "value", text: "`Never` or `OnFailure`: a Job takes no other." },
    { key: "serviceAccountName", holds: "value", text: "Account that the pod runs as." },
    { key: "imagePullSecrets", holds: "map", text: "Secrets that the image is fetched with." },
    { key: "nodeSelector", holds: "map", text: "Labels that the node must have." },
    { key: "volumes", holds: "map", text: "Volumes that the containers mount." },
  ],
  "spec.template.spec.containers": [
    { key: "name", holds: "value", text: "MLflow writes the name of the project here." },
    { key: "image", holds: "value", text: "MLflow writes the image here." },
    { key: "command", holds: "value", text: "MLflow writes the entry point's command here." },
    { key: "env", holds: "map", text: "List of variables; MLflow appends those of the run." },
    { key: "resources", holds: "map", text: "`requests` and `limits` of cpu, memory, GPUs." },
    { key: "volumeMounts", holds: "map", text: "Where volumes are mounted." },
  ],
};

export function backendKeysAt(
  kind: "kubernetes" | "databricks" | "job_template",
  path: readonly string[],
): readonly KeyMeaning[] | undefined {
  const place = path.join(".");
  switch (kind) {
    case "kubernetes":
      return path.length === 0 ? KUBERNETES : undefined;
    case "databricks":
      if (place === "") return DATABRICKS;
      return place === "new_cluster" ? CLUSTER : place.endsWith("autoscale") ? AUTOSCALE : undefined;
    case "job_template":
      return place === "" ? JOB : JOB_BELOW[place];
    default:
      return kind satisfies never;
  }
}
