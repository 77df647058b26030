/** Services, Nodes and Pods, as Go names their fields (k8s.io/api/core/v1); see schema.ts for the notation. */
export const coreTypes = `
Service {+TypeMeta, +ObjectMeta:metadata, Spec ServiceSpec, Status ServiceStatus}
Node {+TypeMeta, +ObjectMeta:metadata, Spec NodeSpec, Status NodeStatus}
Pod {+TypeMeta, +ObjectMeta:metadata, Spec PodSpec, Status PodStatus}
ServiceSpec {Ports []ServicePort, Selector map[string]string, ClusterIP string, ClusterIPs []string, Type ServiceType, ExternalIPs []string,
  SessionAffinity ServiceAffinity, LoadBalancerIP string, LoadBalancerSourceRanges []string, ExternalName string,
  ExternalTrafficPolicy ServiceExternalTrafficPolicy, HealthCheckNodePort int32, PublishNotReadyAddresses bool,
  SessionAffinityConfig *SessionAffinityConfig, IPFamilies []IPFamily, IPFamilyPolicy *IPFamilyPolicy, AllocateLoadBalancerNodePorts *bool,
  LoadBalancerClass *string, InternalTrafficPolicy *ServiceInternalTrafficPolicy, TrafficDistribution *string}
ServiceStatus {LoadBalancer LoadBalancerStatus, Conditions []Condition}
NodeSpec {PodCIDR string, PodCIDRs []string, ProviderID string, Unschedulable bool, Taints []Taint, ConfigSource *NodeConfigSource,
  DoNotUseExternalID:externalID string}
NodeStatus {Capacity ResourceList, Allocatable ResourceList, Phase NodePhase, Conditions []NodeCondition, Addresses []NodeAddress,
  DaemonEndpoints NodeDaemonEndpoints, NodeInfo NodeSystemInfo, Images []ContainerImage, VolumesInUse []UniqueVolumeName,
  VolumesAttached []AttachedVolume, Config *NodeConfigStatus, RuntimeHandlers []NodeRuntimeHandler, Features *NodeFeatures, DeclaredFeatures []string}
PodSpec {Volumes []Volume, InitContainers []Container, Containers! []Container, EphemeralContainers []EphemeralContainer, RestartPolicy RestartPolicy,
  TerminationGracePeriodSeconds *int64, ActiveDeadlineSeconds *int64, DNSPolicy DNSPolicy, NodeSelector map[string]string, ServiceAccountName string,
  DeprecatedServiceAccount:serviceAccount string, AutomountServiceAccountToken *bool, NodeName string, HostNetwork bool, HostPID bool, HostIPC bool,
  ShareProcessNamespace *bool, SecurityContext *PodSecurityContext, ImagePullSecrets []LocalObjectReference, Hostname string, Subdomain string,
  Affinity *Affinity, SchedulerName string, Tolerations []Toleration, HostAliases []HostAlias, PriorityClassName string, Priority *int32,
  DNSConfig *PodDNSConfig, ReadinessGates []PodReadinessGate, RuntimeClassName *string, EnableServiceLinks *bool, PreemptionPolicy *PreemptionPolicy,
  Overhead ResourceList, TopologySpreadConstraints []TopologySpreadConstraint, SetHostnameAsFQDN *bool, OS *PodOS, HostUsers *bool,
  SchedulingGates []PodSchedulingGate, ResourceClaims []PodResourceClaim, Resources *ResourceRequirements, HostnameOverride *string,
  SchedulingGroup *PodSchedulingGroup}
PodStatus {ObservedGeneration int64, Phase PodPhase, Conditions []PodCondition, Message string, Reason string, NominatedNodeName string,
  HostIP string, HostIPs []HostIP, PodIP string, PodIPs []PodIP, StartTime *Time, InitContainerStatuses []ContainerStatus,
  ContainerStatuses []ContainerStatus, QOSClass PodQOSClass, EphemeralContainerStatuses []ContainerStatus, Resize PodResizeStatus,
  ResourceClaimStatuses []PodResourceClaimStatus, ExtendedResourceClaimStatus *PodExtendedResourceClaimStatus, AllocatedResources ResourceList,
  Resources *ResourceRequirements, NodeAllocatableResourceClaimStatuses []NodeAllocatableResourceClaimStatus}
ServicePort {Name string, Protocol Protocol, AppProtocol *string, Port! int32, TargetPort IntOrString, NodePort int32}
SessionAffinityConfig {ClientIP *ClientIPConfig}
LoadBalancerStatus {Ingress []LoadBalancerIngress}
Taint {Key! string, Value string, Effect! TaintEffect, TimeAdded *Time}
NodeConfigSource {ConfigMap *ConfigMapNodeConfigSource}
NodeCondition {Type! NodeConditionType, Status! ConditionStatus, LastHeartbeatTime Time, LastTransitionTime Time, Reason string, Message string}
NodeAddress {Type! NodeAddressType, Address! string}
NodeDaemonEndpoints {KubeletEndpoint DaemonEndpoint}
NodeSystemInfo {MachineID! string, SystemUUID! string, BootID! string, KernelVersion! string, OSImage! string, ContainerRuntimeVersion! string,
  KubeletVersion! string, KubeProxyVersion! string, OperatingSystem! string, Architecture! string, Swap *NodeSwapStatus}
ContainerImage {Names! []string, SizeBytes int64}
AttachedVolume {Name! UniqueVolumeName, DevicePath! string}
NodeConfigStatus {Assigned *NodeConfigSource, Active *NodeConfigSource, LastKnownGood *NodeConfigSource, Error string}
NodeRuntimeHandler {Name! string, Features *NodeRuntimeHandlerFeatures}
NodeFeatures {SupplementalGroupsPolicy *bool}
Volume {Name! string, +VolumeSource}
Container {Name! string, Image string, Command []string, Args []string, WorkingDir string, Ports []ContainerPort, EnvFrom []EnvFromSource,
  Env []EnvVar, Resources ResourceRequirements, ResizePolicy []ContainerResizePolicy, RestartPolicy *ContainerRestartPolicy,
  RestartPolicyRules []ContainerRestartRule, VolumeMounts []VolumeMount, VolumeDevices []VolumeDevice, LivenessProbe *Probe, ReadinessProbe *Probe,
  StartupProbe *Probe, Lifecycle *Lifecycle, TerminationMessagePath string, TerminationMessagePolicy TerminationMessagePolicy,
  ImagePullPolicy PullPolicy, SecurityContext *SecurityContext, Stdin bool, StdinOnce bool, TTY bool}
EphemeralContainer {+EphemeralContainerCommon, TargetContainerName string}
PodSecurityContext {SELinuxOptions *SELinuxOptions, WindowsOptions *WindowsSecurityContextOptions, RunAsUser *int64, RunAsGroup *int64,
  RunAsNonRoot *bool, SupplementalGroups []int64, SupplementalGroupsPolicy *SupplementalGroupsPolicy, FSGroup *int64, Sysctls []Sysctl,
  FSGroupChangePolicy *PodFSGroupChangePolicy, SeccompProfile *SeccompProfile, AppArmorProfile *AppArmorProfile,
  SELinuxChangePolicy *PodSELinuxChangePolicy}
LocalObjectReference {Name string}
Affinity {NodeAffinity *NodeAffinity, PodAffinity *PodAffinity, PodAntiAffinity *PodAntiAffinity}
Toleration {Key string, Operator TolerationOperator, Value string, Effect TaintEffect, TolerationSeconds *int64}
HostAlias {IP! string, Hostnames []string}
PodDNSConfig {Nameservers []string, Searches []string, Options []PodDNSConfigOption}
PodReadinessGate {ConditionType! PodConditionType}
TopologySpreadConstraint {MaxSkew! int32, TopologyKey! string, WhenUnsatisfiable! UnsatisfiableConstraintAction, LabelSelector *LabelSelector,
  MinDomains *int32, NodeAffinityPolicy *NodeInclusionPolicy, NodeTaintsPolicy *NodeInclusionPolicy, MatchLabelKeys []string}
PodOS {Name! OSName}
PodSchedulingGate {Name! string}
PodResourceClaim {Name! string, ResourceClaimName *string, ResourceClaimTemplateName *string}
ResourceRequirements {Limits ResourceList, Requests ResourceList, Claims []ResourceClaim}
PodSchedulingGroup {PodGroupName *string}
PodCondition {Type! PodConditionType, ObservedGeneration int64, Status! ConditionStatus, LastProbeTime Time, LastTransitionTime Time, Reason string,
  Message string}
HostIP {IP! string}
PodIP {IP! string}
ContainerStatus {Name! string, State ContainerState, LastTerminationState:lastState ContainerState, Ready! bool, RestartCount! int32, Image! string,
  ImageID! string, ContainerID string, Started *bool, AllocatedResources ResourceList, Resources *ResourceRequirements,
  VolumeMounts []VolumeMountStatus, User *ContainerUser, AllocatedResourcesStatus []ResourceStatus, StopSignal *Signal}
PodResourceClaimStatus {Name! string, ResourceClaimName *string}
PodExtendedResourceClaimStatus {RequestMappings! []ContainerExtendedResourceRequest, ResourceClaimName! string}
NodeAllocatableResourceClaimStatus {ResourceClaimName! string, Containers []string, Resources! map[ResourceName]Quantity}
ClientIPConfig {TimeoutSeconds *int32}
LoadBalancerIngress {IP string, Hostname string, IPMode *LoadBalancerIPMode, Ports []PortStatus}
ConfigMapNodeConfigSource {Namespace! string, Name! string, UID UID, ResourceVersion string, KubeletConfigKey! string}
DaemonEndpoint {Port:Port! int32}
NodeSwapStatus {Capacity *int64}
NodeRuntimeHandlerFeatures {RecursiveReadOnlyMounts *bool, UserNamespaces *bool}
VolumeSource {HostPath *HostPathVolumeSource, EmptyDir *EmptyDirVolumeSource, GCEPersistentDisk *GCEPersistentDiskVolumeSource,
  AWSElasticBlockStore *AWSElasticBlockStoreVolumeSource, GitRepo *GitRepoVolumeSource, Secret *SecretVolumeSource, NFS *NFSVolumeSource,
  ISCSI *ISCSIVolumeSource, Glusterfs *GlusterfsVolumeSource, PersistentVolumeClaim *PersistentVolumeClaimVolumeSource, RBD *RBDVolumeSource,
  FlexVolume *FlexVolumeSource, Cinder *CinderVolumeSource, CephFS:cephfs *CephFSVolumeSource, Flocker *FlockerVolumeSource,
  DownwardAPI *DownwardAPIVolumeSource, FC *FCVolumeSource, AzureFile *AzureFileVolumeSource, ConfigMap *ConfigMapVolumeSource,
  VsphereVolume *VsphereVirtualDiskVolumeSource, Quobyte *QuobyteVolumeSource, AzureDisk *AzureDiskVolumeSource,
  PhotonPersistentDisk *PhotonPersistentDiskVolumeSource, Projected *ProjectedVolumeSource, PortworxVolume *PortworxVolumeSource,
  ScaleIO *ScaleIOVolumeSource, StorageOS:storageos *StorageOSVolumeSource, CSI *CSIVolumeSource, Ephemeral *EphemeralVolumeSource,
  Image *ImageVolumeSource}
ContainerPort {Name string, HostPort int32, ContainerPort! int32, Protocol Protocol, HostIP string}
EnvFromSource {Prefix string, ConfigMapRef *ConfigMapEnvSource, SecretRef *SecretEnvSource}
EnvVar {Name! string, Value string, ValueFrom *EnvVarSource}
ContainerResizePolicy {ResourceName! ResourceName, RestartPolicy! ResourceResizeRestartPolicy}
ContainerRestartRule {Action ContainerRestartRuleAction, ExitCodes *ContainerRestartRuleOnExitCodes}
VolumeMount {Name! string, ReadOnly bool, RecursiveReadOnly *RecursiveReadOnlyMode, MountPath! string, SubPath string,
  MountPropagation *MountPropagationMode, SubPathExpr string}
VolumeDevice {Name! string, DevicePath! string}
Probe {+ProbeHandler, InitialDelaySeconds int32, TimeoutSeconds int32, PeriodSeconds int32, SuccessThreshold int32, FailureThreshold int32,
  TerminationGracePeriodSeconds *int64}
Lifecycle {PostStart *LifecycleHandler, PreStop *LifecycleHandler, StopSignal *Signal}
SecurityContext {Capabilities *Capabilities, Privileged *bool, SELinuxOptions *SELinuxOptions, WindowsOptions *WindowsSecurityContextOptions,
  RunAsUser *int64, RunAsGroup *int64, RunAsNonRoot *bool, ReadOnlyRootFilesystem *bool, AllowPrivilegeEscalation *bool, ProcMount *ProcMountType,
  SeccompProfile *SeccompProfile, AppArmorProfile *AppArmorProfile}
EphemeralContainerCommon {Name! string, Image string, Command []string, Args []string, WorkingDir string, Ports []ContainerPort,
  EnvFrom []EnvFromSource, Env []EnvVar, Resources ResourceRequirements, ResizePolicy []ContainerResizePolicy, RestartPolicy *ContainerRestartPolicy,
  RestartPolicyRules []ContainerRestartRule, VolumeMounts []VolumeMount, VolumeDevices []VolumeDevice, LivenessProbe *Probe, ReadinessProbe *Probe,
  StartupProbe *Probe, Lifecycle *Lifecycle, TerminationMessagePath string, TerminationMessagePolicy TerminationMessagePolicy,
  ImagePullPolicy PullPolicy, SecurityContext *SecurityContext, Stdin bool, StdinOnce bool, TTY bool}
SELinuxOptions {User string, Role string, Type string, Level string}
WindowsSecurityContextOptions {GMSACredentialSpecName *string, GMSACredentialSpec *string, RunAsUserName *string, HostProcess *bool}
Sysctl {Name! string, Value! string}
SeccompProfile {Type! SeccompProfileType, LocalhostProfile *string}
AppArmorProfile {Type! AppArmorProfileType, LocalhostProfile *string}
NodeAffinity {RequiredDuringSchedulingIgnoredDuringExecution *NodeSelector, PreferredDuringSchedulingIgnoredDuringExecution []PreferredSchedulingTerm}
PodAffinity {RequiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm,
  PreferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm}
PodAntiAffinity {RequiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm,
  PreferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm}
PodDNSConfigOption {Name string, Value *string}
ResourceClaim {Name! string, Request string}
ContainerState {Waiting *ContainerStateWaiting, Running *ContainerStateRunning, Terminated *ContainerStateTerminated}
VolumeMountStatus {Name! string, MountPath! string, ReadOnly bool, RecursiveReadOnly *RecursiveReadOnlyMode, VolumeStatus *VolumeStatus}
ContainerUser {Linux *LinuxContainerUser}
ResourceStatus {Name! ResourceName, Resources []ResourceHealth}
ContainerExtendedResourceRequest {ContainerName! string, ResourceName! string, RequestName! string}
PortStatus {Port! int32, Protocol! Protocol, Error *string}
HostPathVolumeSource {Path! string, Type *HostPathType}
EmptyDirVolumeSource {Medium StorageMedium, SizeLimit *Quantity}
GCEPersistentDiskVolumeSource {PDName! string, FSType string, Partition int32, ReadOnly bool}
AWSElasticBlockStoreVolumeSource {VolumeID! string, FSType string, Partition int32, ReadOnly bool}
GitRepoVolumeSource {Repository! string, Revision string, Directory string}
SecretVolumeSource {SecretName string, Items []KeyToPath, DefaultMode *int32, Optional *bool}
NFSVolumeSource {Server! string, Path! string, ReadOnly bool}
ISCSIVolumeSource {TargetPortal! string, IQN! string, Lun! int32, ISCSIInterface string, FSType string, ReadOnly bool, Portals []string,
  DiscoveryCHAPAuth:chapAuthDiscovery bool, SessionCHAPAuth:chapAuthSession bool, SecretRef *LocalObjectReference, InitiatorName *string}
GlusterfsVolumeSource {EndpointsName:endpoints! string, Path! string, ReadOnly bool}
PersistentVolumeClaimVolumeSource {ClaimName! string, ReadOnly bool}
RBDVolumeSource {CephMonitors:monitors! []string, RBDImage:image! string, FSType string, RBDPool:pool string, RadosUser:user string, Keyring string,
  SecretRef *LocalObjectReference, ReadOnly bool}
FlexVolumeSource {Driver! string, FSType string, SecretRef *LocalObjectReference, ReadOnly bool, Options map[string]string}
CinderVolumeSource {VolumeID! string, FSType string, ReadOnly bool, SecretRef *LocalObjectReference}
CephFSVolumeSource {Monitors! []string, Path string, User string, SecretFile string, SecretRef *LocalObjectReference, ReadOnly bool}
FlockerVolumeSource {DatasetName string, DatasetUUID string}
DownwardAPIVolumeSource {Items []DownwardAPIVolumeFile, DefaultMode *int32}
FCVolumeSource {TargetWWNs []string, Lun *int32, FSType string, ReadOnly bool, WWIDs []string}
AzureFileVolumeSource {SecretName! string, ShareName! string, ReadOnly bool}
ConfigMapVolumeSource {+LocalObjectReference, Items []KeyToPath, DefaultMode *int32, Optional *bool}
VsphereVirtualDiskVolumeSource {VolumePath! string, FSType string, StoragePolicyName string, StoragePolicyID string}
QuobyteVolumeSource {Registry! string, Volume! string, ReadOnly bool, User string, Group string, Tenant string}
AzureDiskVolumeSource {DiskName! string, DataDiskURI:diskURI! string, CachingMode *AzureDataDiskCachingMode, FSType *string, ReadOnly *bool,
  Kind *AzureDataDiskKind}
PhotonPersistentDiskVolumeSource {PdID! string, FSType string}
ProjectedVolumeSource {Sources! []VolumeProjection, DefaultMode *int32}
PortworxVolumeSource {VolumeID! string, FSType string, ReadOnly bool}
ScaleIOVolumeSource {Gateway! string, System! string, SecretRef! *LocalObjectReference, SSLEnabled bool, ProtectionDomain string, StoragePool string,
  StorageMode string, VolumeName string, FSType string, ReadOnly bool}
StorageOSVolumeSource {VolumeName string, VolumeNamespace string, FSType string, ReadOnly bool, SecretRef *LocalObjectReference}
CSIVolumeSource {Driver! string, ReadOnly *bool, FSType *string, VolumeAttributes map[string]string, NodePublishSecretRef *LocalObjectReference}
EphemeralVolumeSource {VolumeClaimTemplate *PersistentVolumeClaimTemplate}
ImageVolumeSource {Reference string, PullPolicy PullPolicy}
ConfigMapEnvSource {+LocalObjectReference, Optional *bool}
SecretEnvSource {+LocalObjectReference, Optional *bool}
EnvVarSource {FieldRef *ObjectFieldSelector, ResourceFieldRef *ResourceFieldSelector, ConfigMapKeyRef *ConfigMapKeySelector,
  SecretKeyRef *SecretKeySelector, FileKeyRef *FileKeySelector}
ContainerRestartRuleOnExitCodes {Operator ContainerRestartRuleOnExitCodesOperator, Values []int32}
ProbeHandler {Exec *ExecAction, HTTPGet *HTTPGetAction, TCPSocket *TCPSocketAction, GRPC *GRPCAction}
LifecycleHandler {Exec *ExecAction, HTTPGet *HTTPGetAction, TCPSocket *TCPSocketAction, Sleep *SleepAction}
Capabilities {Add []Capability, Drop []Capability}
NodeSelector {NodeSelectorTerms! []NodeSelectorTerm}
PreferredSchedulingTerm {Weight! int32, Preference NodeSelectorTerm}
PodAffinityTerm {LabelSelector *LabelSelector, Namespaces []string, TopologyKey! string, NamespaceSelector *LabelSelector, MatchLabelKeys []string,
  MismatchLabelKeys []string}
WeightedPodAffinityTerm {Weight! int32, PodAffinityTerm PodAffinityTerm}
ContainerStateWaiting {Reason string, Message string}
ContainerStateRunning {StartedAt Time}
ContainerStateTerminated {ExitCode! int32, Signal int32, Reason string, Message string, StartedAt Time, FinishedAt Time, ContainerID string}
VolumeStatus {Image *ImageVolumeStatus}
LinuxContainerUser {UID! int64, GID! int64, SupplementalGroups []int64}
ResourceHealth {ResourceID! ResourceID, Health ResourceHealthStatus, Message *string}
KeyToPath {Key! string, Path! string, Mode *int32}
DownwardAPIVolumeFile {Path! string, FieldRef *ObjectFieldSelector, ResourceFieldRef *ResourceFieldSelector, Mode *int32}
VolumeProjection {Secret *SecretProjection, DownwardAPI *DownwardAPIProjection, ConfigMap *ConfigMapProjection,
  ServiceAccountToken *ServiceAccountTokenProjection, ClusterTrustBundle *ClusterTrustBundleProjection, PodCertificate *PodCertificateProjection}
PersistentVolumeClaimTemplate {+ObjectMeta:metadata, Spec PersistentVolumeClaimSpec}
ObjectFieldSelector {APIVersion string, FieldPath! string}
ResourceFieldSelector {ContainerName string, Resource! string, Divisor Quantity}
ConfigMapKeySelector {+LocalObjectReference, Key! string, Optional *bool}
SecretKeySelector {+LocalObjectReference, Key! string, Optional *bool}
FileKeySelector {VolumeName! string, Path! string, Key! string, Optional *bool}
ExecAction {Command []string}
HTTPGetAction {Path string, Port IntOrString, Host string, Scheme URIScheme, HTTPHeaders []HTTPHeader}
TCPSocketAction {Port IntOrString, Host string}
GRPCAction {Port! int32, Service! *string}
SleepAction {Seconds! int64}
NodeSelectorTerm {MatchExpressions []NodeSelectorRequirement, MatchFields []NodeSelectorRequirement}
ImageVolumeStatus {ImageRef string}
SecretProjection {+LocalObjectReference, Items []KeyToPath, Optional *bool}
DownwardAPIProjection {Items []DownwardAPIVolumeFile}
ConfigMapProjection {+LocalObjectReference, Items []KeyToPath, Optional *bool}
ServiceAccountTokenProjection {Audience string, ExpirationSeconds *int64, Path! string}
ClusterTrustBundleProjection {Name *string, SignerName *string, LabelSelector *LabelSelector, Optional *bool, Path! string}
PodCertificateProjection {SignerName string, KeyType string, MaxExpirationSeconds *int32, CredentialBundlePath string, KeyPath string,
  CertificateChainPath string, UserAnnotations map[string]string}
PersistentVolumeClaimSpec {AccessModes []PersistentVolumeAccessMode, Selector *LabelSelector, Resources VolumeResourceRequirements, VolumeName string,
  StorageClassName *string, VolumeMode *PersistentVolumeMode, DataSource *TypedLocalObjectReference, DataSourceRef *TypedObjectReference,
  VolumeAttributesClassName *string}
HTTPHeader {Name! string, Value! string}
NodeSelectorRequirement {Key! string, Operator! NodeSelectorOperator, Values []string}
VolumeResourceRequirements {Limits ResourceList, Requests ResourceList}
TypedLocalObjectReference {APIGroup! *string, Kind! string, Name! string}
TypedObjectReference {APIGroup! *string, Kind! string, Name! string, Namespace *string}
ResourceList map[ResourceName]Quantity
string: AppArmorProfileType AzureDataDiskCachingMode AzureDataDiskKind Capability ContainerRestartPolicy ContainerRestartRuleAction
  ContainerRestartRuleOnExitCodesOperator DNSPolicy HostPathType IPFamily IPFamilyPolicy LoadBalancerIPMode MountPropagationMode NodeAddressType
  NodeConditionType NodeInclusionPolicy NodePhase NodeSelectorOperator OSName PersistentVolumeAccessMode PersistentVolumeMode PodConditionType
  PodFSGroupChangePolicy PodPhase PodQOSClass PodResizeStatus PodSELinuxChangePolicy PreemptionPolicy ProcMountType Protocol PullPolicy
  RecursiveReadOnlyMode ResourceHealthStatus ResourceID ResourceName ResourceResizeRestartPolicy RestartPolicy SeccompProfileType ServiceAffinity
  ServiceExternalTrafficPolicy ServiceInternalTrafficPolicy ServiceType Signal StorageMedium SupplementalGroupsPolicy TaintEffect
  TerminationMessagePolicy TolerationOperator URIScheme UniqueVolumeName UnsatisfiableConstraintAction
`;
