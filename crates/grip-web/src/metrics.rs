//! Counts of requests and the state of the process, as Prometheus reads them (text format 0.0.4).

use std::sync::Arc;

use axum::{
    Router,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use grip_pipeline::Grip;
use prometheus::{
    Counter, Gauge, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, Opts, Registry, TEXT_FORMAT, TextEncoder,
    core::Collector,
};
use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System};

use crate::watch::Answered;

/// Bounds of how long requests take, in seconds. Between 0.2 and 0.5 lies what is promised for 95 of 100.
const SECONDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 10.0];

/// What is counted while the server runs.
pub struct Metrics {
    registry: Registry,
    requests: HistogramVec,
    incidents: IntCounterVec,
    pub(crate) in_flight: IntGauge,
    prepared: IntGauge,
    last_received: Gauge,
    cpu: Counter,
    memory: Gauge,
    started: Gauge,
}

impl Metrics {
    /// Counters at zero.
    pub fn new() -> Self {
        let registry = Registry::new();
        let duration =
            HistogramOpts::new("grip_request_duration_seconds", "How long requests took until the answer began.");
        let incidents = Opts::new(
            "grip_incidents_total",
            "Requests that failed by no fault of whoever asked; those with GW022 failed in the register.",
        );
        let requests = HistogramVec::new(duration.buckets(SECONDS.to_vec()), &["method", "route", "status"]);
        let cpu = Counter::new("process_cpu_seconds_total", "Seconds that processors spent on this process.");
        Self {
            requests: add(&registry, requests),
            incidents: add(&registry, IntCounterVec::new(incidents, &["code"])),
            in_flight: add(&registry, IntGauge::new("grip_requests_in_flight", "Requests that are being answered.")),
            prepared: add(
                &registry,
                IntGauge::new("grip_prepared", "Whether what is asked first was made since the last intake."),
            ),
            last_received: add(
                &registry,
                Gauge::new(
                    "grip_last_received_timestamp_seconds",
                    "Midnight UTC of the day on which the last message was received.",
                ),
            ),
            cpu: add(&registry, cpu),
            memory: add(
                &registry,
                Gauge::new("process_resident_memory_bytes", "Memory of this process that is not swapped out."),
            ),
            started: add(
                &registry,
                Gauge::new("process_start_time_seconds", "When this process began, in seconds since 1970."),
            ),
            registry,
        }
    }

    pub(crate) fn answered(&self, answered: &Answered) {
        let status = answered.status.to_string();
        let labels = [answered.method, answered.route, status.as_str()];
        self.requests.with_label_values(&labels).observe(answered.took.as_secs_f64());
    }

    pub(crate) fn incident(&self, code: &str) {
        self.incidents.with_label_values(&[code]).inc();
    }

    /// Everything as text, with the state of the tables and the process as they are now.
    fn text(&self, grip: &Grip) -> Result<String, prometheus::Error> {
        self.prepared.set(i64::from(grip.is_prepared()));
        if let Ok(Some(day)) = grip.last_received()
            && let Ok(midnight) = day.to_zoned(jiff::tz::TimeZone::UTC)
        {
            self.last_received.set(midnight.timestamp().as_second() as f64);
        }
        if let Ok(own) = sysinfo::get_current_pid() {
            let mut system = System::new();
            let what = ProcessRefreshKind::nothing().with_cpu().with_memory();
            system.refresh_processes_specifics(ProcessesToUpdate::Some(&[own]), false, what);
            if let Some(process) = system.process(own) {
                let seconds = process.accumulated_cpu_time() as f64 / 1000.0;
                self.cpu.inc_by((seconds - self.cpu.get()).max(0.0));
                self.memory.set(process.memory() as f64);
                self.started.set(process.start_time() as f64);
            }
        }
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// What is counted under a name of its own.
fn add<M: Collector + Clone + 'static>(registry: &Registry, made: prometheus::Result<M>) -> M {
    let made = made.expect("names and labels are made of letters");
    registry.register(Box::new(made.clone())).expect("no two have one name");
    made
}

/// `/metrics`, for an address of its own: it asks no right, and holds nothing of persons.
pub fn metrics_router(grip: Grip, metrics: Arc<Metrics>) -> Router {
    let show = move || {
        let (grip, metrics) = (grip.clone(), metrics.clone());
        async move {
            let text = tokio::task::spawn_blocking(move || metrics.text(&grip)).await;
            match text {
                Ok(Ok(text)) => ([(header::CONTENT_TYPE, TEXT_FORMAT)], text).into_response(),
                Ok(Err(_)) | Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            }
        }
    };
    Router::new().route("/metrics", get(show))
}
