/** The frame of every page: header, content, footer, the cart's drawer and the messages. */
import { ToastRegion } from "@carat/ui";
import { Outlet } from "@tanstack/react-router";
import { Suspense } from "react";
import { useCartDrawer } from "../features/cart/drawer";
import { Footer } from "./Footer";
import { Header } from "./Header";
import { OfflineNotice } from "./OfflineNotice";
import { SignedOutNotice } from "./SignedOutNotice";
import { useLoaded } from "./use-loaded";

export function Shell() {
  const { needed } = useCartDrawer();
  const CartDrawer = useLoaded(needed, async () => (await import("../features/cart/CartDrawer")).CartDrawer);
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:bg-surface focus:p-3"
      >
        Skip to the content
      </a>
      <div className="contents print:hidden">
        <Header />
        <OfflineNotice />
        <SignedOutNotice />
      </div>
      <main id="main" tabIndex={-1} className="min-h-[80dvh] flex-1 print:min-h-0">
        <Suspense>
          <Outlet />
        </Suspense>
      </main>
      <div className="contents print:hidden">
        <Footer />
      </div>
      {CartDrawer && <CartDrawer />}
      <ToastRegion />
    </div>
  );
}
