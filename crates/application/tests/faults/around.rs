//! What is around the process: the time, and the ways to the gateway and to the mail server.

use crate::services::{Gateway, Post};
use application::notifications::ports::{Mail, MailError, Mailer};
use application::payments::ports::{GatewayError, GatewayEvent, InvalidEvent, PaymentGateway};
use application::refunds::ports::{CardRefund, GatewayDispute, GatewayRefund, RefundGateway};
use application::system::Clock;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use domain::kernel::Money;
use domain::orders::Order;
use domain::payments::{GatewayVerdict, HostedSession, Payment};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use testkit::Faults;
use testkit::system::SystemClock;

/// A clock whose hands are moved.
#[derive(Default)]
pub struct Hands(AtomicI64);

impl Hands {
    /// So many seconds go by.
    pub fn move_by(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + TimeDelta::seconds(self.0.load(Ordering::SeqCst))
    }
}

/// The way to the gateway.
pub struct Line {
    pub gateway: Arc<Gateway>,
    pub faults: Arc<Faults>,
}

#[async_trait]
impl PaymentGateway for Line {
    fn name(&self) -> &'static str {
        self.gateway.name()
    }

    fn payable(&self, amount: Money) -> Money {
        self.gateway.payable(amount)
    }

    async fn open<'a>(&self, payment: &Payment, order: Option<&'a Order>) -> Result<HostedSession, GatewayError> {
        self.faults.call(self.gateway.open(payment, order)).await
    }

    async fn verdict(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.faults.call(self.gateway.verdict(session_id)).await
    }

    async fn close(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.faults.call(self.gateway.close(session_id)).await
    }

    async fn capture(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.faults.call(self.gateway.capture(session_id)).await
    }

    async fn release(&self, session_id: &str) -> Result<GatewayVerdict, GatewayError> {
        self.faults.call(self.gateway.release(session_id)).await
    }

    fn read_event(&self, body: &[u8], signature: &str, now: DateTime<Utc>) -> Result<GatewayEvent, InvalidEvent> {
        self.gateway.read_event(body, signature, now)
    }
}

#[async_trait]
impl RefundGateway for Line {
    async fn refund(&self, payment: &Payment, wish: &CardRefund) -> Result<GatewayRefund, GatewayError> {
        self.faults.call(self.gateway.refund(payment, wish)).await
    }

    async fn dispute(&self, gateway_id: &str) -> Result<Option<GatewayDispute>, GatewayError> {
        self.faults.call(self.gateway.dispute(gateway_id)).await
    }
}

/// The way to the mail server: what can happen to a call of the gateway can happen to a mail.
pub struct Letterbox {
    pub post: Arc<Post>,
    pub faults: Arc<Faults>,
}

#[async_trait]
impl Mailer for Letterbox {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let sent = self.faults.call(async {
            self.post.takes(mail);
            Ok(())
        });
        sent.await.map_err(|error| match error {
            GatewayError::Lost(_) => MailError::Lost(Box::new(error)),
            GatewayError::Unavailable(_) | GatewayError::Refused(_) => MailError::Unavailable(Box::new(error)),
        })
    }
}
