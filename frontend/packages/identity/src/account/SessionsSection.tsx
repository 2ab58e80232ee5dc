/** Where the owner is signed in, and the way to end that. */
import { Badge, Button, ProblemNotice, toast } from "@carat/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Monitor, Smartphone } from "lucide-react";
import { shownProblem } from "../fresh-proof";
import { type DeviceSession, endOneSession, endOtherSessions, sessionsQuery } from "../operations";
import { AccountSection } from "./AccountSection";
import { Loaded } from "./Loaded";
import { Row, Rows, rowAction } from "./Rows";
import { ago, dateOf } from "./times";

export function SessionsSection() {
  const client = useQueryClient();
  const sessions = useQuery(sessionsQuery);
  const refresh = () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  const endOne = useMutation({ mutationFn: endOneSession, onSettled: refresh });
  const endOthers = useMutation({
    mutationFn: endOtherSessions,
    onSuccess: () => toast({ message: "Your other devices are signed out." }),
    onSettled: refresh,
  });
  return (
    <AccountSection
      title="Where you are signed in"
      about="Is there a device that you do not know? Sign it out, and change your password."
    >
      <Loaded query={sessions} what="your devices">
        {(list) => (
          <>
            <Rows label="Your devices">
              {list.map((session) => (
                <Row
                  key={session.id}
                  icon={<DeviceIcon device={session.device} />}
                  title={
                    <>
                      {session.device || "Unknown device"}
                      {session.current && <Badge tone="accent">This device</Badge>}
                    </>
                  }
                  facts={factsOf(session)}
                  actions={
                    !session.current && (
                      <button
                        type="button"
                        className={rowAction}
                        aria-label={`Sign out ${session.device || "unknown device"}`}
                        aria-disabled={endOne.isPending && endOne.variables === session.id}
                        onClick={() => endOne.mutate(session.id)}
                      >
                        Sign out
                      </button>
                    )
                  }
                />
              ))}
            </Rows>
            {list.some(({ current }) => !current) && (
              <Button variant="secondary" pending={endOthers.isPending} onClick={() => endOthers.mutate()}>
                Sign out everywhere else
              </Button>
            )}
          </>
        )}
      </Loaded>
      <ProblemNotice problem={shownProblem(endOne.error ?? endOthers.error)} />
    </AccountSection>
  );
}

function DeviceIcon({ device }: { device: string | null | undefined }) {
  const Icon = /iPhone|Android|iOS|iPad/.test(device ?? "") ? Smartphone : Monitor;
  return <Icon aria-hidden="true" size={20} strokeWidth={1.5} />;
}

function factsOf({ current, address, created_at, last_used_at }: DeviceSession): string {
  const used = current ? "in use now" : `last used ${ago(last_used_at)}`;
  const facts = [address, used, `signed in ${dateOf(created_at)}`].filter(Boolean).join(", ");
  return facts.charAt(0).toUpperCase() + facts.slice(1);
}
