import type {
  AnyAuthMethod,
  AuthenticationType,
  AuthHandlerMiddleware,
  NextAuthHandler,
  Prompt,
  SigningRequestOptions,
} from 'ssh2';
import type { HostName } from '../core/host.js';
import { clean, count } from '../core/text.js';
import { notAnswered, notLetIn, type Refusal, type Tries } from './failures.js';
import { AGENT, agentIdentities, IdentityAgent, type Identity, type KeyRing } from './keys.js';
import type { Patience } from './patience.js';
import type { Secrets } from './secrets.js';
import type { SshSettings } from './ssh-config.js';

/** How long sshd may take to judge an answer: PAM waits 2 s after a wrong one, and may ask others. */
const JUDGING = 20_000;
/** How long an agent may take to sign: a person may have to touch a token. */
const SIGNING = 60_000;
const ATTEMPTS = 3;

/** What a login is made with. */
export interface AuthMeans {
  readonly host: HostName;
  readonly settings: SshSettings;
  readonly keys: KeyRing;
  readonly secrets: Secrets;
  /** Beyond those of OpenSSH's config. */
  readonly identityFiles: readonly string[];
  readonly patience: Patience;
  readonly giveUp: (refusal: Refusal) => void;
}

/**
 * One login: nothing first, to hear what the server accepts; then the keys of the agent and of
 * files, then questions (keyboard-interactive), then a password.
 */
export class Login {
  readonly #means: AuthMeans;
  readonly #who: string;
  readonly #tried: string[] = [];
  readonly #notes: string[] = [];
  #accepts: readonly string[] = [];
  /** What the newest answer was made with. */
  #newestMeans = '';
  #keysTried = false;
  /** Questions were answered, or the server asked none: whether it is of use to try once more. */
  #mayAsk = true;
  #wrong = 0;
  #newest: { readonly key: string; readonly value: string } | undefined;

  constructor(means: AuthMeans) {
    this.#means = means;
    const { user, alias, port } = means.settings;
    this.#who = `${user}@${alias}${port === 22 ? '' : `:${port}`}`;
  }

  /** What was tried until now, for a failure. */
  get tries(): Tries {
    return { who: this.#who, tried: this.#tried, notes: this.#notes, accepts: this.#accepts };
  }

  /** How the login was made, once it was. */
  get says(): string {
    return `as ${this.#means.settings.user}, by ${this.#newestMeans || 'nothing: the host asks for nothing'}`;
  }

  readonly handler: AuthHandlerMiddleware = (left, partial, next) => {
    // ssh2 gives null at the first call, against its types.
    if (!Array.isArray(left)) {
      this.#means.patience.expect(JUDGING, 'at the login');
      next({ type: 'none', username: this.#means.settings.user });
      return;
    }
    this.#accepts = left;
    if (!partial) this.#wasWrong();
    this.#next(left).then(
      (method) => this.#go(method, next),
      () => this.#means.giveUp(notLetIn(this.#means.host, this.tries)),
    );
  };

  #go(method: AnyAuthMethod | undefined, next: NextAuthHandler): void {
    if (method) {
      this.#means.patience.expect(JUDGING, 'at the login');
      next(method);
    } else {
      this.#means.giveUp(notLetIn(this.#means.host, this.tries));
    }
  }

  /** The server refused what was sent last; a password among it is not used again. */
  #wasWrong(): void {
    if (!this.#newest) return;
    this.#means.secrets.wrong(this.#newest.key, this.#newest.value);
    this.#newest = undefined;
    this.#wrong += 1;
  }

  async #next(left: readonly AuthenticationType[]): Promise<AnyAuthMethod | undefined> {
    const { user: username } = this.#means.settings;
    if (left.includes('publickey') && !this.#keysTried) {
      this.#keysTried = true;
      const identities = await this.#identities();
      if (identities.length > 0) {
        this.#tried.push(...labels(identities));
        const agent = new IdentityAgent(identities, (one, data, wanted) =>
          this.#sign(one, data, wanted),
        );
        return { type: 'agent', username, agent };
      }
    }
    if (this.#wrong >= ATTEMPTS) return undefined;
    if (left.includes('keyboard-interactive') && this.#mayAsk) {
      this.#mayAsk = false;
      return { type: 'keyboard-interactive', username, prompt: this.#answer };
    }
    if (left.includes('password')) {
      const password = await this.#password();
      if (password === undefined) return undefined;
      this.#note('a password');
      return { type: 'password', username, password };
    }
    return undefined;
  }

  #note(tried: string): void {
    this.#newestMeans = tried;
    if (!this.#tried.includes(tried)) this.#tried.push(tried);
  }

  async #sign(one: Identity, data: Buffer, wanted: SigningRequestOptions): Promise<Buffer> {
    if (one.locked()) this.#means.patience.asking();
    else this.#means.patience.expect(SIGNING, 'while a key was to sign');
    this.#newestMeans = one.label;
    try {
      return await one.sign(data, wanted);
    } catch (error) {
      if (error instanceof Error) this.#notes.push(error.message);
      throw error;
    } finally {
      this.#means.patience.expect(JUDGING, 'at the login');
    }
  }

  /** The keys to offer: those of the agent that the config names, its others, then the files. */
  async #identities(): Promise<readonly Identity[]> {
    const { settings, keys, identityFiles, host, patience } = this.#means;
    patience.hold();
    const paths = [...new Set([...identityFiles, ...settings.identityFiles])];
    const files: Identity[] = [];
    for (const path of paths) {
      const file = await keys.load(path, host);
      if (file.kind === 'usable') files.push(file.identity);
      if (file.kind === 'unusable') this.#notes.push(file.because);
    }
    const socket = settings.identityAgent ?? process.env.SSH_AUTH_SOCK;
    const inAgent =
      socket === undefined || socket === '' || socket === 'none'
        ? []
        : await agentIdentities(socket);
    const isFile = (one: Identity) => files.some((file) => same(file, one));
    return [
      ...inAgent.filter(isFile),
      ...(settings.identitiesOnly ? [] : inAgent.filter((one) => !isFile(one))),
      ...files.filter((file) => !inAgent.some((one) => same(file, one))),
    ];
  }

  async #password(): Promise<string | undefined> {
    const value = await this.#ask(`password of ${this.#who}`);
    if (value === undefined) {
      this.#means.giveUp(notAnswered(this.#means.host, 'password', this.tries));
    }
    return value;
  }

  async #ask(prompt: string): Promise<string | undefined> {
    const { secrets, host, patience } = this.#means;
    const key = `password ${this.#who}`;
    if (!secrets.has(key)) patience.asking();
    const question = { host, kind: 'password', prompt, attempt: this.#wrong } as const;
    const value = await secrets.get(key, question);
    if (value !== undefined) this.#newest = { key, value };
    return value;
  }

  readonly #answer = (
    _name: string,
    _instructions: string,
    _language: string,
    prompts: readonly Prompt[],
    finish: (answers: string[]) => void,
  ): void => {
    this.#mayAsk = true;
    this.#note('answers to its questions');
    this.#answers(prompts).then(
      (answers) => {
        this.#means.patience.expect(JUDGING, 'at the login');
        if (answers) finish(answers);
        else this.#means.giveUp(notAnswered(this.#means.host, 'answer', this.tries));
      },
      () => this.#means.giveUp(notAnswered(this.#means.host, 'answer', this.tries)),
    );
  };

  async #answers(prompts: readonly Prompt[]): Promise<string[] | undefined> {
    const { secrets, host, patience } = this.#means;
    const answers: string[] = [];
    for (const { prompt } of prompts) {
      const asked = clean(prompt.trim());
      let answer: string | undefined;
      if (/passw/i.test(asked)) {
        answer = await this.#ask(`password of ${this.#who} (the host asks: ${asked})`);
      } else {
        // A code that holds once: it is not kept.
        patience.asking();
        const attempt = this.#wrong;
        answer = await secrets.once({ host, kind: 'keyboard-interactive', prompt: asked, attempt });
        this.#newest ??= { key: '', value: '' };
      }
      if (answer === undefined) return undefined;
      answers.push(answer);
    }
    return answers;
  }
}

function same(a: Identity, b: Identity): boolean {
  return a.publicKey.getPublicSSH().equals(b.publicKey.getPublicSSH());
}

function labels(identities: readonly Identity[]): readonly string[] {
  const inAgent = identities.filter((one) => one.label === AGENT).length;
  const files = identities.filter((one) => one.label !== AGENT).map((one) => one.label);
  return inAgent === 0 ? files : [`${count(inAgent, 'key')} of the agent`, ...files];
}
