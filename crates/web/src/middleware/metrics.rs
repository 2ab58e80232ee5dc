//! Counters and times of requests for Prometheus, by method, route template and status.

use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TextEncoder};
use std::time::Duration;

/// Upper bounds of the times, in seconds.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// What is measured. Clones count together.
#[derive(Debug, Clone)]
pub struct Metrics {
    registry: Registry,
    seconds: HistogramVec,
    problems: IntCounterVec,
    in_flight: IntGauge,
}

impl Metrics {
    /// Begins to count.
    ///
    /// # Errors
    /// When a name is not one that Prometheus takes, which the tests rule out.
    pub fn new() -> Result<Self, prometheus::Error> {
        let labels = ["method", "route", "status"];
        let times =
            HistogramOpts::new("carat_http_request_duration_seconds", "Time from request to answer, in seconds.");
        let metrics = Self {
            registry: Registry::new(),
            seconds: HistogramVec::new(times.buckets(BUCKETS.to_vec()), &labels)?,
            problems: IntCounterVec::new(Opts::new("carat_http_problems_total", "Problems told, by code."), &["code"])?,
            in_flight: IntGauge::new("carat_http_requests_in_flight", "Requests that are being answered.")?,
        };
        metrics.registry.register(Box::new(metrics.seconds.clone()))?;
        metrics.registry.register(Box::new(metrics.problems.clone()))?;
        metrics.registry.register(Box::new(metrics.in_flight.clone()))?;
        Ok(metrics)
    }

    /// Where the server crate may register more.
    #[must_use]
    pub const fn registry(&self) -> &Registry {
        &self.registry
    }

    /// A request has come; it counts as in flight until the answer is dropped.
    #[must_use]
    pub fn begin(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// A request was answered.
    pub fn answered(&self, method: &str, route: &str, status: u16, problem: Option<&str>, took: Duration) {
        self.seconds.with_label_values(&[method, route, &status.to_string()]).observe(took.as_secs_f64());
        if let Some(code) = problem {
            self.problems.with_label_values(&[code]).inc();
        }
    }

    /// All of it in Prometheus' text format.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn text(&self) -> Result<String, prometheus::Error> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}

/// A request in flight.
#[derive(Debug)]
pub struct InFlight(IntGauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_their_route() {
        let metrics = Metrics::new().unwrap();
        let flight = metrics.begin();
        metrics.answered("GET", "/api/v1/carts/{id}", 404, Some("cart-not-found"), Duration::from_millis(3));
        let text = metrics.text().unwrap();
        assert!(text.contains(
            r#"carat_http_request_duration_seconds_count{method="GET",route="/api/v1/carts/{id}",status="404"} 1"#
        ));
        assert!(text.contains(r#"carat_http_problems_total{code="cart-not-found"} 1"#));
        assert!(text.contains("carat_http_requests_in_flight 1"));
        drop(flight);
        assert!(metrics.text().unwrap().contains("carat_http_requests_in_flight 0"));
    }
}
