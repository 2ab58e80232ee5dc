/** What a signed-in customer sees here: clearly, that this account has no shop, and the two ways on. */
import { Button, buttonClass } from "@carat/ui";
import { AuthLayout } from "./AuthLayout";
import { useSignOut } from "./use-sign-in";

export function NotSellerPage({ email }: { email: string }) {
  const signOut = useSignOut();
  return (
    <AuthLayout
      title="This account has no shop"
      lead={
        <>
          You are signed in as <strong className="break-all text-ink">{email}</strong>, a customer. Selling
          needs an account of its own, with another e-mail address.
        </>
      }
    >
      <div className="flex flex-wrap gap-3">
        <Button pending={signOut.isPending} onClick={() => signOut.mutate()}>
          Sign out, use another account
        </Button>
        <a href="/" className={buttonClass({ variant: "secondary" })}>
          Go shopping
        </a>
      </div>
    </AuthLayout>
  );
}
