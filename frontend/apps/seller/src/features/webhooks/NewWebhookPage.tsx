/** Making a webhook, and then its secret, this once. */
import { buttonClass } from "@carat/ui";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { PageHead } from "../../app/PageHead";
import { useCreateWebhook } from "./queries";
import { Secret } from "./Secret";
import { WebhookForm } from "./WebhookForm";

export function NewWebhookPage() {
  const create = useCreateWebhook();
  const [made, setMade] = useState<{ id: string; secret: string }>();
  if (made) {
    return (
      <>
        <PageHead title="Your new webhook" />
        <div className="max-w-2xl">
          <Secret secret={made.secret}>
            <div className="flex flex-wrap gap-3">
              <Link to="/webhooks/$id" params={{ id: made.id }} search={{}} className={buttonClass()}>
                To the webhook
              </Link>
            </div>
          </Secret>
        </div>
      </>
    );
  }
  return (
    <>
      <PageHead title="New webhook">
        <Link to="/webhooks" className="underline-offset-4 hover:underline pointer-coarse:py-3">
          Webhooks
        </Link>{" "}
        · an address of yours that is told of events
      </PageHead>
      <div className="max-w-2xl rounded-md border border-line bg-surface p-4 sm:p-6">
        <WebhookForm
          label="Make the webhook"
          onSubmit={async ({ description, ...wish }) =>
            setMade(await create.mutateAsync({ ...wish, ...(description && { description }) }))
          }
        />
      </div>
    </>
  );
}
