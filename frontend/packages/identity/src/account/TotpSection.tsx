/** The second step by an authenticator app: switched on by showing that it works, and with codes for the day when it is lost. */
import { Badge, Button, ConfirmDialog, Notice, ProblemNotice, toast } from "@carat/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { shownProblem } from "../fresh-proof";
import { recoveryCodesQuery, renewRecoveryCodes, startTotp, stopTotp, totpQuery } from "../operations";
import { AccountSection } from "./AccountSection";
import { Loaded } from "./Loaded";
import { RecoveryCodesDialog } from "./RecoveryCodes";
import { TotpSetup } from "./TotpSetup";
import { dateOf } from "./times";

/** Fewer than this many codes are worth a word. */
const few = 4;

export function TotpSection() {
  const client = useQueryClient();
  const totp = useQuery(totpQuery);
  const [codes, setCodes] = useState<readonly string[]>();
  const refresh = () => client.invalidateQueries({ queryKey: ["account"] });
  const start = useMutation({ mutationFn: startTotp });
  return (
    <AccountSection
      title="Two-step sign-in"
      about="After your password we ask for six digits of an app on your phone. Who guesses or steals your password then still cannot get in."
    >
      <Loaded query={totp} what="your two-step sign-in">
        {({ enabled, enabled_at }) =>
          enabled ? (
            <On since={enabled_at ?? undefined} onCodes={setCodes} onOff={refresh} />
          ) : start.data ? (
            <TotpSetup
              enrolment={start.data}
              onDone={(made) => {
                setCodes(made);
                start.reset();
                void refresh();
              }}
              onCancel={start.reset}
            />
          ) : (
            <>
              <ProblemNotice problem={shownProblem(start.error)} />
              <Button pending={start.isPending} onClick={() => start.mutate()}>
                Set up an authenticator app
              </Button>
            </>
          )
        }
      </Loaded>
      <RecoveryCodesDialog codes={codes} onClose={() => setCodes(undefined)} />
    </AccountSection>
  );
}

interface OnProps {
  since: string | undefined;
  onCodes: (codes: readonly string[]) => void;
  onOff: () => void;
}

function On({ since, onCodes, onOff }: OnProps) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const remaining = useQuery(recoveryCodesQuery).data?.remaining;
  const renew = useMutation({
    mutationFn: renewRecoveryCodes,
    onSuccess: ({ recovery_codes }) => {
      onCodes(recovery_codes);
      void client.invalidateQueries({ queryKey: recoveryCodesQuery.queryKey });
    },
  });
  const stop = useMutation({
    mutationFn: stopTotp,
    onMutate: () => setAsking(false),
    onSuccess: () => {
      onOff();
      toast({ message: "Two-step sign-in is off." });
    },
  });
  return (
    <>
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone="success">On</Badge>
        {since && <span className="text-[0.9375rem] text-muted">since {dateOf(since)}</span>}
      </p>
      {remaining !== undefined &&
        (remaining < few ? (
          <Notice
            tone="warning"
            title={
              remaining === 0 ? "No recovery codes are left" : `Only ${remaining} recovery codes are left`
            }
          >
            Make new ones while you can get in.
          </Notice>
        ) : (
          <p className="text-[0.9375rem] text-muted">{remaining} recovery codes are left.</p>
        ))}
      <ProblemNotice problem={shownProblem(renew.error ?? stop.error)} />
      <div className="flex flex-wrap gap-3">
        <Button variant="secondary" pending={renew.isPending} onClick={() => renew.mutate()}>
          Make new recovery codes
        </Button>
        <Button variant="danger" pending={stop.isPending} onClick={() => setAsking(true)}>
          Turn off
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title="Turn two-step sign-in off?"
        confirmLabel="Turn it off"
        onConfirm={() => stop.mutate()}
      >
        Your password alone will let people in. The recovery codes go, too.
      </ConfirmDialog>
    </>
  );
}
