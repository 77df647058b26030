/** Types that objects of all kinds share, as Go names their fields (k8s.io/apimachinery); see schema.ts for the notation. */
export const metaTypes = `
TypeMeta {Kind string, APIVersion string}
Unstructured {+TypeMeta, +ObjectMeta:metadata}
ObjectMeta {Name string, GenerateName string, Namespace string, SelfLink string, UID UID, ResourceVersion string, Generation int64,
  CreationTimestamp Time, DeletionTimestamp *Time, DeletionGracePeriodSeconds *int64, Labels map[string]string, Annotations map[string]string,
  OwnerReferences []OwnerReference, Finalizers []string, ManagedFields []ManagedFieldsEntry}
LabelSelector {MatchLabels map[string]string, MatchExpressions []LabelSelectorRequirement}
Condition {Type! string, Status! ConditionStatus, ObservedGeneration int64, LastTransitionTime Time, Reason! string, Message! string}
OwnerReference {APIVersion! string, Kind! string, Name! string, UID! UID, Controller *bool, BlockOwnerDeletion *bool}
ManagedFieldsEntry {Manager string, Operation ManagedFieldsOperationType, APIVersion string, Time *Time, FieldsType string, FieldsV1 any,
  Subresource string}
LabelSelectorRequirement {Key! string, Operator! LabelSelectorOperator, Values []string}
string: ConditionStatus LabelSelectorOperator ManagedFieldsOperationType UID
`;
