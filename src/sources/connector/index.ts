import { ConfigurationError, SoftError } from '../../errors.ts';
import { defineSource } from '../source.ts';
import { parseServer, readGob } from './client.ts';
import { toEndpoints } from './convert.ts';
import { GobError } from './gob.ts';

/** Endpoints that another program serves over TCP, as a list of ExternalDNS's Endpoint structs in Go's gob encoding. */
export const connector = defineSource({
  name: 'connector',
  title: 'TCP connector',
  resources: [],
  resourceLabels: ['*'],
  templates: false,
  annotations: [],
  create({ options }) {
    const server = parseServer(options.connectorSourceServer);
    if (!server) throw new ConfigurationError(`--connector-source-server=${options.connectorSourceServer}: not of the form HOST:PORT, as localhost:8080`);
    return {
      walks: [],
      reads: [],
      async poll(signal) {
        const value = await readGob(server, signal);
        try {
          return toEndpoints(value);
        } catch (error) {
          if (!(error instanceof GobError)) throw error;
          throw new SoftError(`${options.connectorSourceServer} (--connector-source-server) sent what is no list of endpoints: ${error.message}`, { cause: error });
        }
      },
    };
  },
});
