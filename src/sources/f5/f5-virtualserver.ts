import { F5VirtualServer } from '../../kubernetes/resources/f5.ts';
import { defineF5Source } from './server.ts';

/** F5 VirtualServers. */
export const f5VirtualServer = defineF5Source('f5-virtualserver', F5VirtualServer);
