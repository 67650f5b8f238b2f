//! Counters and histograms in the text format of Prometheus. Never labelled with anything but routes, methods and codes.

use axum::http::Method;
use metrics::{Counter, Histogram, Key, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// Upper bounds of latencies in seconds: a commit takes about a millisecond, a ranking page some microseconds.
const SECONDS: [f64; 12] = [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0];
/// Upper bounds of the commands in one submission.
const COMMANDS: [f64; 7] = [1.0, 10.0, 100.0, 500.0, 1_000.0, 2_000.0, 4_000.0];
/// Measurements wait in memory until they are sorted into buckets: after so many of them, scraped or not.
const SORTED_EVERY: u64 = 16_384;
const METADATA: Metadata<'static> = Metadata::new(module_path!(), Level::INFO, Some(module_path!()));

/// By method and template.
type Routes = HashMap<(Method, Arc<str>), Arc<RouteMeter>>;

/// The meters of one service.
pub(crate) struct Meter {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    routes: RwLock<Routes>,
    measured: AtomicU64,
    pub(crate) recorded: Counter,
    pub(crate) repeated: Counter,
    pub(crate) refused: Counter,
    pub(crate) submission_commands: Histogram,
}

/// The meters of one route.
struct RouteMeter {
    seconds: Histogram,
    /// By the first digit of the status.
    answers: [Counter; 6],
}

impl Meter {
    pub(crate) fn new() -> Meter {
        let builder = PrometheusBuilder::new().set_buckets(&SECONDS).expect("there are buckets");
        let commands = metrics_exporter_prometheus::Matcher::Full("mingzhang_submission_commands".to_owned());
        let builder = builder.set_buckets_for_metric(commands, &COMMANDS).expect("there are buckets");
        let recorder = builder.build_recorder();
        for (name, what) in [
            ("mingzhang_http_requests_total", "Answers by route and class of status."),
            ("mingzhang_events_recorded_total", "Events recorded through this service."),
            ("mingzhang_commands_repeated_total", "Commands that were recorded before."),
            ("mingzhang_commands_refused_total", "Commands that the rules refused."),
        ] {
            recorder.describe_counter(name.into(), None, what.into());
        }
        for (name, what) in [
            ("mingzhang_http_request_seconds", "From the head of a request to the head of its answer."),
            ("mingzhang_submission_commands", "Commands handed to the ledger at once."),
        ] {
            recorder.describe_histogram(name.into(), None, what.into());
        }
        let counter = |name: &'static str| recorder.register_counter(&Key::from_static_name(name), &METADATA);
        Meter {
            handle: recorder.handle(),
            routes: RwLock::default(),
            measured: AtomicU64::new(0),
            recorded: counter("mingzhang_events_recorded_total"),
            repeated: counter("mingzhang_commands_repeated_total"),
            refused: counter("mingzhang_commands_refused_total"),
            submission_commands: recorder
                .register_histogram(&Key::from_static_name("mingzhang_submission_commands"), &METADATA),
            recorder,
        }
    }

    /// The meters of a route, by its template.
    fn route(&self, method: &Method, template: &Arc<str>) -> Arc<RouteMeter> {
        let key = (method.clone(), Arc::clone(template));
        if let Some(route) = self.routes.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(route);
        }
        let labels = || vec![Label::new("method", method.to_string()), Label::new("route", template.to_string())];
        let answers = std::array::from_fn(|class| {
            let mut labels = labels();
            labels.push(Label::new("status", format!("{class}xx")));
            if class == 0 {
                return Counter::noop();
            }
            self.recorder.register_counter(&Key::from_parts("mingzhang_http_requests_total", labels), &METADATA)
        });
        let seconds = Key::from_parts("mingzhang_http_request_seconds", labels());
        let route = Arc::new(RouteMeter { seconds: self.recorder.register_histogram(&seconds, &METADATA), answers });
        self.routes.write().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&route));
        route
    }

    /// What stands at `/metrics`, with two gauges that are read off the ledger at this moment.
    pub(crate) fn render(&self, tree_size: u64, applied_tree_size: u64, replays: u64) -> String {
        let lag = tree_size.saturating_sub(applied_tree_size);
        let mut text = self.handle.render();
        text.push_str(&format!(
            "# HELP mingzhang_tree_size Durable entries of the log.\n# TYPE mingzhang_tree_size gauge\nmingzhang_tree_size {tree_size}\n\
             # HELP mingzhang_follower_lag_entries Durable entries that the read models don't hold yet.\n# TYPE mingzhang_follower_lag_entries gauge\n\
             mingzhang_follower_lag_entries {lag}\n\
             # HELP mingzhang_replays_total Questions about the past for which the log had to be replayed.\n# TYPE mingzhang_replays_total counter\n\
             mingzhang_replays_total {replays}\n"
        ));
        text
    }

    /// Counts an answer.
    pub(crate) fn count(&self, method: &Method, template: &Arc<str>, status: u16, elapsed: Duration) {
        let route = self.route(method, template);
        route.seconds.record(elapsed.as_secs_f64());
        if let Some(counter) = route.answers.get(usize::from(status / 100)) {
            counter.increment(1);
        }
        if self.measured.fetch_add(1, Ordering::Relaxed) % SORTED_EVERY == SORTED_EVERY - 1 {
            self.handle.run_upkeep();
        }
    }
}
