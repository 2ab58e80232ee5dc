/** The first page: what matters to a seller today, or to an administrator. */
import { lazy } from "react";
import { useUser } from "../identity/session";

const TodayPage = lazy(async () => ({ default: (await import("./TodayPage")).TodayPage }));
const AdminPage = lazy(async () => ({ default: (await import("./AdminPage")).AdminPage }));

export function HomePage() {
  return useUser().role === "admin" ? <AdminPage /> : <TodayPage />;
}
