/** The webhook protocol of ExternalDNS, version 1, as docs/webhook-protocol.md describes it. */
export const mediaType = 'application/external.dns.webhook+json;version=1';

/** Whether a content type is that of the protocol, however it is spaced or spelled. */
export const isMediaType = (contentType: string | undefined): boolean => contentType?.replace(/\s/g, '').toLowerCase() === mediaType;

export const paths = { negotiate: '/', records: '/records', adjustEndpoints: '/adjustendpoints', health: '/healthz' } as const;
