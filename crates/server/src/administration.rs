//! Putting together what admins do, and what they want to know.

use crate::shop::Shop;
use application::audit::read::SecurityLogDesk;
use application::audit::refused_tokens::RefusedTokenLog;
use application::identity::administration::AccountDesk;
use application::identity::register::UserRegistration;
use application::identity::register_many::BatchRegistration;
use std::sync::Arc;
use web::AdminServices;

/// The use cases of admins.
pub fn services(shop: &Shop, registration: Arc<UserRegistration>) -> AdminServices {
    let Shop { database, transactor, clock, .. } = shop;
    let queries = Arc::new(database.queries());
    AdminServices {
        look_after_accounts: Arc::new(AccountDesk {
            accounts: queries.clone(),
            transactor: transactor.clone(),
            clock: clock.clone(),
        }),
        register_many: Arc::new(BatchRegistration {
            registration,
            people: queries.clone(),
            transactor: transactor.clone(),
            clock: clock.clone(),
        }),
        view_security_log: Arc::new(SecurityLogDesk { log: queries }),
        note_refused_tokens: Arc::new(RefusedTokenLog::new(transactor.clone(), clock.clone())),
    }
}
