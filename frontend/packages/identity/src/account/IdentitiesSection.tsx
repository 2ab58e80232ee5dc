/** The accounts elsewhere that sign in here. Where there are none and none can be had, there is nothing to show. */
import { ConfirmDialog, ProblemNotice, toast } from "@carat/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { shownProblem } from "../fresh-proof";
import { identitiesQuery, type LinkedIdentity, providersQuery, unlinkIdentity } from "../operations";
import { AccountSection } from "./AccountSection";
import { Loaded } from "./Loaded";
import { Row, Rows, rowAction } from "./Rows";
import { dateOf } from "./times";

export function IdentitiesSection() {
  const client = useQueryClient();
  const providers = useQuery(providersQuery).data ?? [];
  const identities = useQuery(identitiesQuery);
  const [unlinking, setUnlinking] = useState<LinkedIdentity>();
  const unlink = useMutation({
    mutationFn: ({ id }: LinkedIdentity) => unlinkIdentity(id),
    onMutate: () => setUnlinking(undefined),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: identitiesQuery.queryKey });
      toast({ message: "It no longer signs you in." });
    },
  });
  if (providers.length === 0 && !identities.data?.length) return null;
  const nameOf = (provider: string) => providers.find(({ id }) => id === provider)?.name ?? provider;
  return (
    <AccountSection
      title="Other accounts"
      about={`Accounts elsewhere that sign you in here${providers.length > 0 ? `: ${providers.map(({ name }) => name).join(", ")}` : ""}.`}
    >
      <Loaded query={identities} what="your other accounts">
        {(list) =>
          list.length === 0 ? (
            <p className="text-muted">
              None yet. Choose one of them when you next sign in; if it has this e-mail address, the two are
              linked.
            </p>
          ) : (
            <Rows label="Your other accounts">
              {list.map((identity) => (
                <Row
                  key={identity.id}
                  title={nameOf(identity.provider)}
                  facts={[identity.email, `linked ${dateOf(identity.created_at)}`].filter(Boolean).join(", ")}
                  actions={
                    <button
                      type="button"
                      className={rowAction}
                      aria-label={`Unlink ${nameOf(identity.provider)}`}
                      onClick={() => setUnlinking(identity)}
                    >
                      Unlink
                    </button>
                  }
                />
              ))}
            </Rows>
          )
        }
      </Loaded>
      <ProblemNotice problem={shownProblem(unlink.error)} />
      <ConfirmDialog
        open={unlinking !== undefined}
        onClose={() => setUnlinking(undefined)}
        title="Unlink this account?"
        confirmLabel="Unlink it"
        onConfirm={() => unlinking && unlink.mutate(unlinking)}
      >
        {unlinking && nameOf(unlinking.provider)} will no longer sign you in here.
      </ConfirmDialog>
    </AccountSection>
  );
}
