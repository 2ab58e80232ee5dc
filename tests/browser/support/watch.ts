/**
 * What no page may do, watched in every test without being asked for: write an error to the console, throw, break the content
 * security policy, be refused by the API without the test having said so, fail on the server's side, or turn to another host.
 */
import type { BrowserContext, Request, Response } from "@playwright/test";

export class Watch {
  readonly faults: string[] = [];
  private readonly expected = new Set<number>();
  private readonly hosts = new Set<string>();

  constructor(private readonly origin: string) {}

  /** The test provokes answers with these codes; the browser's own line about them in the console is no fault then. */
  expectAnswers(...codes: number[]) {
    for (const code of codes) this.expected.add(code);
  }

  /** The test visits this other host, whose pages are not ours to judge. */
  mayVisit(origin: string) {
    this.hosts.add(origin);
  }

  async follow(context: BrowserContext) {
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile }) =>
        // biome-ignore lint/suspicious/noConsole: the way from the page to this watch.
        console.error(`policy violated: ${violatedDirective} by ${blockedURI} in ${sourceFile}`),
      );
    });
    context.on("request", (request) => this.checkHost(request));
    context.on("response", (response) => this.checkAnswer(response));
    context.on("weberror", (thrown) => this.faults.push(`thrown: ${thrown.error().stack ?? thrown.error()}`));
    context.on("console", (message) => {
      const ofTheBrowser = /^Failed to load resource: the server responded with a status of 4\d\d/.test(
        message.text(),
      );
      if (this.isElsewhere(message.page()?.url() ?? "")) return;
      if (["error", "warning"].includes(message.type()) && !ofTheBrowser)
        this.faults.push(`console ${message.type()} on ${message.page()?.url()}: ${message.text()}`);
    });
  }

  private checkHost(request: Request) {
    if (this.isElsewhere(request.headers().referer ?? "")) return;
    const url = new URL(request.url());
    const ofThePage = ["data:", "blob:", "about:"].includes(url.protocol);
    if (!ofThePage && url.origin !== this.origin && !this.hosts.has(url.origin))
      this.faults.push(`another host is asked: ${url}`);
  }

  private checkAnswer(response: Response) {
    const code = response.status();
    if (this.isElsewhere(response.url())) return;
    if (code < 400 || (code < 500 && this.expected.has(code))) return;
    this.faults.push(`answer ${code} to ${response.request().method()} ${response.url()}`);
  }

  private isElsewhere(address: string): boolean {
    return URL.canParse(address) && this.hosts.has(new URL(address).origin);
  }
}
