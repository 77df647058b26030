import { F5TransportServer } from '../../kubernetes/resources/f5.ts';
import { defineF5Source } from './server.ts';

/** F5 TransportServers. */
export const f5TransportServer = defineF5Source('f5-transportserver', F5TransportServer);
