/** The authenticator app gets to know the account, and shows that it does. */
import { Button, CodeField, CopyButton, ProblemNotice } from "@carat/ui";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { shownProblem } from "../fresh-proof";
import { confirmTotp } from "../operations";

interface Props {
  enrolment: { secret: string; uri: string; qr_svg: string };
  onDone: (recoveryCodes: readonly string[]) => void;
  onCancel: () => void;
}

export function TotpSetup({ enrolment: { secret, uri, qr_svg }, onDone, onCancel }: Props) {
  const [code, setCode] = useState("");
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const confirm = useMutation({
    mutationFn: confirmTotp,
    onSuccess: ({ recovery_codes }) => onDone(recovery_codes),
    onError: () => setCode(""),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code) confirm.mutate(code);
  };
  return (
    <form onSubmit={submit} className="flex w-full flex-col gap-6">
      <div>
        <h3 ref={title} tabIndex={-1} className="font-medium outline-none">
          1. Let your authenticator app read this
        </h3>
        <div className="mt-3 flex flex-wrap gap-6">
          <img
            src={`data:image/svg+xml,${encodeURIComponent(qr_svg)}`}
            alt="QR code for your authenticator app"
            width={176}
            height={176}
            className="size-44 rounded-sm border border-line bg-[#fff] p-2"
          />
          <div className="min-w-56 flex-1 text-[0.9375rem]">
            <p className="text-muted">Or type this key into it:</p>
            <p className="mt-1 font-mono break-words select-all">{grouped(secret)}</p>
            <div className="-ml-2 mt-1">
              <CopyButton text={secret} what="key" />
            </div>
            <p className="mt-2">
              <a href={uri} className="inline-flex min-h-11 items-center underline underline-offset-4">
                Open it on this device
              </a>
            </p>
          </div>
        </div>
      </div>
      <div>
        <h3 className="font-medium">2. Enter the six digits that it shows</h3>
        <CodeField
          className="mt-3"
          label="Six-digit code"
          value={code}
          onChange={setCode}
          onComplete={(digits) => confirm.mutate(digits)}
        />
      </div>
      <ProblemNotice problem={shownProblem(confirm.error)} />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" pending={confirm.isPending}>
          Turn on
        </Button>
        <Button variant="quiet" onClick={onCancel}>
          Never mind
        </Button>
      </div>
    </form>
  );
}

/** In fours, as it is easier to type. */
function grouped(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, "$1 ");
}
