import manifest from '../../package.json' with { type: 'json' };

/** The version of the program, without the v. */
export const version: string = manifest.version;
