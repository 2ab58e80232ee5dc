//! Every kind of problem that the API tells, with the words of its page. Codes are stable: programs compare them.

use actix_web::http::StatusCode;

/// A kind of problem.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Stable, in kebab-case.
    pub code: &'static str,
    /// The HTTP status.
    pub status: StatusCode,
    /// In a few words.
    pub title: &'static str,
    /// What it means and what to do.
    pub explanation: &'static str,
}

macro_rules! kinds {
    ($($name:ident = $code:literal, $status:ident, $title:literal, $explanation:literal;)*) => {
        $(
            #[doc = $explanation]
            pub static $name: Kind = Kind { code: $code, status: StatusCode::$status, title: $title, explanation: $explanation };
        )*

        /// All of them.
        pub static ALL: &[&Kind] = &[$(&$name),*];
    };
}

kinds! {
    MALFORMED_JSON = "malformed-json", BAD_REQUEST, "The body is not JSON", "The body could not be read as JSON (RFC 8259).";
    BAD_REQUEST = "bad-request", BAD_REQUEST, "The request can't be read", "A header, the address or the body of the request can't be read.";
    IDEMPOTENCY_KEY_REQUIRED = "idempotency-key-required", BAD_REQUEST, "An Idempotency-Key is required", "Send an Idempotency-Key header, 1 to 255 visible characters that you use for this request only, so that it can be repeated safely.";
    IDEMPOTENCY_KEY_INVALID = "idempotency-key-invalid", BAD_REQUEST, "The Idempotency-Key is malformed", "An Idempotency-Key has 1 to 255 visible ASCII characters.";
    WEBHOOK_SIGNATURE_INVALID = "webhook-signature-invalid", BAD_REQUEST, "The signature is not valid", "The body is not signed with the secret that was agreed on, or was signed too long ago.";
    WEBHOOK_BODY_INVALID = "webhook-body-invalid", BAD_REQUEST, "The body is no event", "The body is signed, but is not an event.";
    UNAUTHORIZED = "unauthorized", UNAUTHORIZED, "You are not signed in", "Sign in, and send the access token as a Bearer token or as the session cookie.";
    SECOND_FACTOR_INVALID = "second-factor-invalid", UNAUTHORIZED, "The code is wrong", "This is no code of the authenticator app or recovery code that is good now.";
    PASSKEY_INVALID = "passkey-invalid", UNAUTHORIZED, "The passkey signs nobody in", "It is not known here, or its answer is not valid.";
    TOKEN_INVALID = "token-invalid", UNAUTHORIZED, "The access token is not valid", "The access token is not ours, has expired, or its account is gone. Sign in again.";
    TOKEN_REVOKED = "token-revoked", UNAUTHORIZED, "The access token was revoked", "Its session has ended. Sign in again.";
    REFRESH_TOKEN_INVALID = "refresh-token-invalid", UNAUTHORIZED, "The refresh token is not valid", "There is no refresh token, it is not ours, or its session is over. Sign in again.";
    REFRESH_TOKEN_REUSED = "refresh-token-reused", UNAUTHORIZED, "The refresh token had been used before", "A refresh token is good once. Since someone used this one again, its session has ended. Sign in again.";
    STEP_UP_FAILED = "step-up-failed", UNAUTHORIZED, "This proves nothing", "The password or the code is wrong.";
    INVALID_CREDENTIALS = "invalid-credentials", UNAUTHORIZED, "Address or password is wrong", "There is no account with this address and password.";
    FRESH_PROOF_REQUIRED = "fresh-proof-required", FORBIDDEN, "Prove once more who you are", "This needs a proof of the last ten minutes. Post your password or a code to /auth/step-up, then send the request again; `methods` names what you can prove yourself by.";
    ADMIN_ROLE_REQUIRED = "admin-role-required", FORBIDDEN, "Only admins may do this", "Your account is not an admin's.";
    API_KEY_NOT_ALLOWED = "api-key-not-allowed", FORBIDDEN, "No API key may do this", "This can be done in a session only. Sign in.";
    API_KEY_SCOPE_MISSING = "api-key-scope-missing", FORBIDDEN, "The API key has not got the scope", "Make an API key with the scope that `scope` names.";
    FORBIDDEN = "forbidden", FORBIDDEN, "This is not allowed", "You may not do this.";
    CROSS_SITE_REQUEST = "cross-site-request", FORBIDDEN, "The request comes from another site", "A request that changes something and carries the shop's cookies, or signs somebody in, must come from the shop's own pages or from an allowed origin.";
    EMAIL_NOT_VERIFIED = "email-not-verified", FORBIDDEN, "The e-mail address is not verified", "Verify your e-mail address with the code that was mailed to you; then you can pay and sell.";
    SELLER_ROLE_REQUIRED = "seller-role-required", FORBIDDEN, "Only sellers may do this", "Your account is not a seller's.";
    NOT_FOUND = "not-found", NOT_FOUND, "There is nothing here", "There is nothing at this address, or it is not yours.";
    PRODUCT_NOT_FOUND = "product-not-found", NOT_FOUND, "There is no such product", "There is no product with this id or slug, or it is not on sale.";
    IMAGE_NOT_FOUND = "image-not-found", NOT_FOUND, "There is no such picture", "The product has no picture with this id.";
    VARIANT_NOT_FOUND = "variant-not-found", NOT_FOUND, "There is no such variant", "There is no variant with this id on sale.";
    CATEGORY_NOT_FOUND = "category-not-found", NOT_FOUND, "There is no such category", "There is no category with this id. Was it merged into another?";
    MATERIAL_NOT_FOUND = "material-not-found", NOT_FOUND, "There is no such material", "There is no material with this id. Was it merged into another?";
    SELLER_NOT_FOUND = "seller-not-found", NOT_FOUND, "There is no such seller", "There is no seller with this id.";
    USER_NOT_FOUND = "user-not-found", NOT_FOUND, "There is no such account", "There is no account with this id.";
    GIFT_CARD_NOT_FOUND = "gift-card-not-found", NOT_FOUND, "There is no such gift card", "No gift card has this code or id. Is it typed as it is printed?";
    GIFT_CARD_BATCH_NOT_FOUND = "gift-card-batch-not-found", NOT_FOUND, "There is no such batch", "No batch of gift cards has this id.";
    GIFT_DELIVERY_NOT_FOUND = "gift-delivery-not-found", NOT_FOUND, "The gift card is not mailed", "There is no such gift card, or nobody is to get it by mail.";
    CART_NOT_FOUND = "cart-not-found", NOT_FOUND, "There is no such cart", "There is no cart with this id, or it is another's.";
    CART_LINE_NOT_FOUND = "cart-line-not-found", NOT_FOUND, "The cart has no such line", "The cart has no line with this id.";
    ORDER_NOT_FOUND = "order-not-found", NOT_FOUND, "There is no such order", "There is no order with this id, or it is another's. Guests need the order's token.";
    PAYMENT_NOT_FOUND = "payment-not-found", NOT_FOUND, "There is no such payment", "There is no payment with this id, or it is another's.";
    PAYOUT_NOT_FOUND = "payout-not-found", NOT_FOUND, "There is no such payout", "There is no payout with this id.";
    METHOD_NOT_ALLOWED = "method-not-allowed", METHOD_NOT_ALLOWED, "The method is not allowed here", "The address exists, but not for this method; the Allow header says which ones there are.";
    REQUEST_TIMEOUT = "request-timeout", REQUEST_TIMEOUT, "The body did not arrive", "The body of the request did not arrive in time.";
    CONFLICT = "conflict", CONFLICT, "It conflicts with what is there", "Something with the same key exists already.";
    EMAIL_TAKEN = "email-taken", CONFLICT, "The e-mail address is taken", "There is an account with this address. Sign in, or use another address.";
    LAST_SIGN_IN_METHOD = "last-sign-in-method", CONFLICT, "It is your last way to sign in", "You could not sign in any more. Set a password, or add another way to sign in, first.";
    TOO_MANY_ADDRESSES = "too-many-addresses", CONFLICT, "The address book is full", "An address book takes 50 addresses. Remove one first.";
    TOO_MANY_IMAGES = "too-many-images", CONFLICT, "There are too many pictures", "A product takes 12 pictures. Remove one first.";
    SKU_TAKEN = "sku-taken", CONFLICT, "The SKU is taken", "Another of your variants has this SKU.";
    SLUG_TAKEN = "slug-taken", CONFLICT, "The slug is taken", "Something else has this slug, or had it: old addresses stay good, so they are given to nobody else.";
    STOCK_CHANGED = "stock-changed", CONFLICT, "The stock has changed", "Pieces were bought or came back since you looked; `variants` says how many there are now. Look again, or send the difference.";
    CATEGORY_EXISTS = "category-exists", CONFLICT, "There is such a category", "Another category in the same place has this name; `existing` is it.";
    MATERIAL_EXISTS = "material-exists", CONFLICT, "There is such a material", "Another material has this name; `existing` is it.";
    CATEGORY_NOT_EMPTY = "category-not-empty", CONFLICT, "Something is in the category", "`products` and `categories` say how many are in it, drafts and archived ones among them. Merge it into another instead.";
    MATERIAL_IN_USE = "material-in-use", CONFLICT, "Products are made of it", "`products` says how many, drafts and archived ones among them. Merge it into another instead.";
    CATALOGUE_FULL = "catalogue-full", CONFLICT, "There are too many", "A shop takes 2,000 categories and 2,000 materials.";
    INSUFFICIENT_STOCK = "insufficient-stock", CONFLICT, "There is not enough in stock", "Fewer pieces are in stock than were asked for; `lines` names them.";
    CART_CHECKED_OUT = "cart-checked-out", CONFLICT, "The cart has been checked out", "The cart has become an order and can't be changed or bought again. Begin a new one.";
    CURRENCY_MISMATCH = "currency-mismatch", CONFLICT, "The currencies differ", "A cart has one currency, and this has another.";
    PRICE_CHANGED = "price-changed", CONFLICT, "The price has changed", "The total is not the one that was expected; `total` is the one of now.";
    ORDER_NOT_CANCELLABLE = "order-not-cancellable", CONFLICT, "The order can't be cancelled any more", "Only an order that waits for its payment can be cancelled.";
    ORDER_NOT_PAYABLE = "order-not-payable", CONFLICT, "The order can't be paid any more", "Only an order that waits for its payment can be paid, and not while a payment by card is looked at.";
    BALANCE_TOO_LOW = "balance-too-low", CONFLICT, "There is too little in your balance", "It pays the whole rest of an order or nothing; `missing` is how much more it takes.";
    DUPLICATE_PAYMENT = "duplicate-payment", CONFLICT, "The same was paid a moment ago", "You have asked for the same payment within the last minute; `payment_id` is that one. If you mean another one, send `allow_duplicate`.";
    PAYMENT_NOT_HELD = "payment-not-held", CONFLICT, "There is nothing to decide", "The payment is not held, or somebody has decided about it.";
    ORDER_NOT_REFUNDABLE = "order-not-refundable", CONFLICT, "Nothing can be given back", "The order was not paid, or all of it has been given back.";
    ORDER_DISPUTED = "order-disputed", CONFLICT, "The payment is disputed", "The customer disputes the payment at their bank, which has the money. Answer the dispute at the payment gateway.";
    GIFT_CARD_NOT_REFUNDABLE = "gift-card-not-refundable", CONFLICT, "Gift cards that were used are not taken back", "A gift card that was bought goes back while nobody has used any of it, and as a whole. These were used, wait in somebody's order, or are being issued at this moment. Name other lines or fewer pieces in `lines`.";
    PAYMENT_NOT_REFUNDABLE = "payment-not-refundable", CONFLICT, "Nothing can be given back", "Nothing was paid in, all of it has gone back, or it paid an order: give that back as a refund of the order.";
    PAYMENT_DISPUTED = "payment-disputed", CONFLICT, "The payment is disputed", "The customer disputes the payment at their bank, which has the money. Answer the dispute at the payment gateway.";
    BALANCE_SPENT = "balance-spent", CONFLICT, "The customer has spent it", "No more goes back to the card than the customer's balance still holds; `balance` is how much that is.";
    REFUND_TOO_LARGE = "refund-too-large", CONFLICT, "Not so much is left", "Less is left to give back than was asked for; `left`, or `pieces_left` of `line_id`, says how much.";
    PAYOUT_TOO_LARGE = "payout-too-large", CONFLICT, "The seller is not owed so much", "A payout is no more than its seller is owed; `owed` says how much that is.";
    IDEMPOTENCY_KEY_IN_USE = "idempotency-key-in-use", CONFLICT, "The same request is still running", "A request with this Idempotency-Key is being executed. Wait a moment, and send it again to get its answer.";
    TOTP_NOT_STARTED = "totp-not-started", CONFLICT, "No authenticator app is being set up", "Begin to set one up first.";
    TOTP_ALREADY_ENABLED = "totp-already-enabled", CONFLICT, "An authenticator app is on", "Switch it off before you set up another one.";
    TOTP_OFF = "totp-off", CONFLICT, "No authenticator app is on", "Recovery codes stand in for an authenticator app. Set one up first.";
    PASSKEY_TAKEN = "passkey-taken", CONFLICT, "The passkey is registered already", "This device has registered its passkey before.";
    TOO_MANY_PASSKEYS = "too-many-passkeys", CONFLICT, "There are too many passkeys", "An account takes 20 passkeys. Remove one first.";
    PASSKEYS_UNAVAILABLE = "passkeys-unavailable", CONFLICT, "There are no passkeys here", "Passkeys need the shop to have a domain name, and this one is reached by a bare IP address.";
    CHALLENGE_EXPIRED = "challenge-expired", GONE, "It took too long, or too many tries", "What was begun can't be finished any more. Begin anew.";
    RESET_TOKEN_EXPIRED = "reset-token-expired", GONE, "The link is not good any more", "A link to set a new password is good once, for 30 minutes. Ask for another one.";
    GIFT_CARD_ALREADY_REDEEMED = "gift-card-already-redeemed", CONFLICT, "The gift card is used up", "What was on this gift card has been redeemed or spent.";
    GIFT_CARD_EXPIRED = "gift-card-expired", GONE, "The gift card has expired", "It could be used until its last day, and that is over.";
    GIFT_CARD_DISABLED = "gift-card-disabled", GONE, "The gift card is disabled", "The shop keeps this gift card from being used. Ask them why.";
    GIFT_CARD_BATCH_NOT_READY = "gift-card-batch-not-ready", CONFLICT, "The gift cards are still being issued", "The codes of a batch are told once all its cards are issued. Wait a moment.";
    CODES_ALREADY_DOWNLOADED = "codes-already-downloaded", GONE, "The codes were downloaded before", "The codes of a batch are told once, and forgotten with that.";
    CODES_LAPSED = "codes-lapsed", GONE, "It is too late for the codes", "Nobody fetched the codes of this batch within a week, and they are forgotten. Disable the batch, and issue another.";
    GIFT_ON_ITS_WAY = "gift-on-its-way", CONFLICT, "The gift is on its way", "The mail with the gift card may have arrived, so it can't go elsewhere. Ask the shop to send another code.";
    OWN_ACCOUNT = "own-account", CONFLICT, "It is your own account", "Nobody changes their own role or status; another admin has to.";
    LAST_ADMIN = "last-admin", CONFLICT, "It is the last admin", "Somebody must be left to look after the shop. Make another admin first.";
    ACCOUNT_DELETED = "account-deleted", CONFLICT, "The account has been deleted", "A deleted account can't be changed any more.";
    TOO_MANY_WEBHOOKS = "too-many-webhooks", CONFLICT, "There are too many webhooks", "A seller may have 10 webhooks, and so may the platform. Remove one first.";
    WEBHOOK_DISABLED = "webhook-disabled", CONFLICT, "The webhook is switched off", "Nothing is sent to a webhook that is switched off. Switch it on first.";
    TOO_MANY_API_KEYS = "too-many-api-keys", CONFLICT, "There are too many API keys", "An account may have 50 API keys. Revoke one first.";
    VERIFICATION_CODE_EXPIRED = "verification-code-expired", GONE, "The code has expired", "The code is too old or was tried too often. Ask for another one.";
    BODY_TOO_LARGE = "body-too-large", PAYLOAD_TOO_LARGE, "The body is too large", "The body of a request may have 1 MB at the most, and a picture that is uploaded 12 MB.";
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type", UNSUPPORTED_MEDIA_TYPE, "The media type is not supported", "Send JSON, with the header Content-Type: application/json.";
    IMAGE_TYPE_UNSUPPORTED = "image-type-unsupported", UNSUPPORTED_MEDIA_TYPE, "It is no picture that we read", "Send a JPEG, PNG or WebP. What counts is the content of the file, not its name; AVIF, HEIC, GIF and SVG are not read.";
    IMAGE_TOO_LARGE = "image-too-large", UNPROCESSABLE_ENTITY, "The picture has too many pixels", "A picture has 40 megapixels at the most. Make it smaller: it is shown in 2048 pixels.";
    IMAGE_UNREADABLE = "image-unreadable", UNPROCESSABLE_ENTITY, "The picture can't be read", "The file is damaged, or was cut off on its way. Open it in a program for pictures, and save it anew.";
    VALIDATION_FAILED = "validation-failed", UNPROCESSABLE_ENTITY, "The request is not valid", "The request is well-formed, but not valid; `errors` names everything that is wrong.";
    VERIFICATION_CODE_INVALID = "verification-code-invalid", UNPROCESSABLE_ENTITY, "The code is wrong", "This is not the code that was mailed to this address.";
    TOTP_CODE_INVALID = "totp-code-invalid", UNPROCESSABLE_ENTITY, "The code is wrong", "This is not the code that the authenticator app shows now.";
    PASSKEY_REFUSED = "passkey-refused", UNPROCESSABLE_ENTITY, "The passkey is not accepted", "The device's answer is not readable, not for this shop, or made without verifying you.";
    CART_EMPTY = "cart-empty", UNPROCESSABLE_ENTITY, "The cart is empty", "There is nothing in the cart to buy.";
    CART_TOO_LARGE = "cart-too-large", UNPROCESSABLE_ENTITY, "More than a cart takes", "A cart takes 100 lines, and 999 pieces of one variant.";
    AMOUNT_TOO_LARGE = "amount-too-large", UNPROCESSABLE_ENTITY, "The amount is too large", "The sum is larger than what can be paid at once.";
    IDEMPOTENCY_KEY_REUSED = "idempotency-key-reused", UNPROCESSABLE_ENTITY, "The Idempotency-Key was used for another request", "This Idempotency-Key stands for another request. Use a new key for a new request.";
    LOGIN_LOCKED = "login-locked", LOCKED, "Too many wrong passwords", "Too many wrong passwords were tried. Wait as long as the Retry-After header says, or set a new password by a link in your mail.";
    TOO_MANY_ATTEMPTS = "too-many-attempts", TOO_MANY_REQUESTS, "Too many wrong codes", "Too many codes were tried that no gift card has. Wait as long as the Retry-After header says.";
    RATE_LIMITED = "rate-limited", TOO_MANY_REQUESTS, "Too many requests", "Too many requests came from your address or your account. Wait as long as the Retry-After header says.";
    INTERNAL = "internal-error", INTERNAL_SERVER_ERROR, "Something went wrong on our side", "It is not your fault. If it happens again, quote the request id.";
    GATEWAY_REFUSED = "payment-gateway-refused", BAD_GATEWAY, "The payment gateway refused", "The payment gateway did not accept the request. If it happens again, quote the request id.";
    SERVICE_UNAVAILABLE = "service-unavailable", SERVICE_UNAVAILABLE, "For the moment not available", "Something that we need did not answer. Try again after as many seconds as the Retry-After header says.";
}

/// The kind with this code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Kind> {
    ALL.iter().copied().find(|kind| kind.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_stands_for_two_kinds() {
        for kind in ALL {
            assert!(std::ptr::eq(find(kind.code).unwrap(), *kind), "{} stands twice", kind.code);
        }
    }

    #[test]
    fn codes_are_kebab_case() {
        let is_kebab = |code: &str| code.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        assert!(ALL.iter().all(|kind| is_kebab(kind.code)));
    }
}
