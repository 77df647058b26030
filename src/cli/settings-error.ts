import { ConfigurationError } from '../errors.ts';

/** Everything that is wrong with the settings of a process, each as one sentence that says how to mend it. */
export class SettingsError extends ConfigurationError {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}
