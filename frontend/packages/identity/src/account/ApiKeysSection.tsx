/** Keys with which the owner's own programs use the API in their name. Each is shown once, when it is made. */
import type { User } from "@carat/api-client";
import { Button, ConfirmDialog, CopyButton, Dialog, ProblemNotice, toast } from "@carat/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { shownProblem } from "../fresh-proof";
import { type ApiKey, apiKeysQuery, revokeApiKey } from "../operations";
import { AccountSection } from "./AccountSection";
import { ApiKeyForm } from "./ApiKeyForm";
import { Loaded } from "./Loaded";
import { Row, Rows, rowAction } from "./Rows";
import { scopeText } from "./scopes";
import { ago, dateOf } from "./times";

export function ApiKeysSection({ user }: { user: User }) {
  const client = useQueryClient();
  const keys = useQuery(apiKeysQuery);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string>();
  const [revoking, setRevoking] = useState<ApiKey>();
  const refresh = () => client.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
  const revoke = useMutation({
    mutationFn: ({ id }: ApiKey) => revokeApiKey(id),
    onSuccess: async () => {
      setRevoking(undefined);
      await refresh();
      toast({ message: "The key is revoked." });
    },
  });
  return (
    <AccountSection
      title="Keys for your programs"
      about={
        <>
          With a key, a program can do in your name what you allow it to. See the{" "}
          <a href="/redoc" className="underline underline-offset-4">
            reference of the API
          </a>
          .
        </>
      }
    >
      <Loaded query={keys} what="your API keys">
        {(list) =>
          list.length === 0 ? (
            <p className="text-muted">You have no keys.</p>
          ) : (
            <Rows label="Your API keys">
              {list.map((key) => (
                <Row
                  key={key.id}
                  title={
                    <>
                      {key.name} <code className="text-sm text-muted">{key.prefix}…</code>
                    </>
                  }
                  facts={
                    <>
                      May {key.scopes.map(scopeText).join(", ")}. Made {dateOf(key.created_at)},{" "}
                      {key.last_used_at ? `last used ${ago(key.last_used_at)}` : "never used"}
                      {key.expires_at && `, ${ends(key.expires_at)}`}.
                    </>
                  }
                  actions={
                    <button
                      type="button"
                      className={rowAction}
                      aria-label={`Revoke ${key.name}`}
                      onClick={() => setRevoking(key)}
                    >
                      Revoke
                    </button>
                  }
                />
              ))}
            </Rows>
          )
        }
      </Loaded>
      <Button variant="secondary" onClick={() => setMaking(true)}>
        Make a key
      </Button>
      <Dialog open={making} onClose={() => setMaking(false)} title="A new API key">
        {making && (
          <ApiKeyForm
            role={user.role}
            onMade={(key) => {
              setMaking(false);
              setMade(key);
              void refresh();
            }}
          />
        )}
      </Dialog>
      <Dialog
        stays
        open={made !== undefined}
        onClose={() => setMade(undefined)}
        title="Your new key"
        footer={
          <div className="flex justify-end">
            <Button onClick={() => setMade(undefined)}>I have kept it</Button>
          </div>
        }
      >
        {made && (
          <>
            <p className="text-[0.9375rem]">
              Keep it like a password. <strong className="font-medium">We show it only now.</strong>
            </p>
            <p className="mt-4 rounded-sm bg-tile px-4 py-3 font-mono text-sm break-all select-all">{made}</p>
            <div className="mt-2 -ml-2">
              <CopyButton text={made} what="key" />
            </div>
          </>
        )}
      </Dialog>
      <ConfirmDialog
        open={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title="Revoke this key?"
        confirmLabel="Revoke it"
        pending={revoke.isPending}
        onConfirm={() => revoking && revoke.mutate(revoking)}
      >
        Programs that use “{revoking?.name}” are refused from then on.
        <ProblemNotice problem={shownProblem(revoke.error)} />
      </ConfirmDialog>
    </AccountSection>
  );
}

function ends(time: string): string {
  return `${Date.parse(time) < Date.now() ? "ended" : "ends"} ${dateOf(time)}`;
}
