/** Annotations of the kOps DNS controller, read with --compatibility=kops-dns-controller: names for external addresses. */
export const kopsExternal = 'dns.alpha.kubernetes.io/external';
/** Names for internal addresses. */
export const kopsInternal = 'dns.alpha.kubernetes.io/internal';
