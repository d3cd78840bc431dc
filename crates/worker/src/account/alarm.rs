//! The object's alarm: what is over is forgotten, and a grant that nobody uses is kept alive. An object has one alarm, so it
//! is set for what comes first.

use worker::ScheduledTime;
use worker::js_sys;
use worker::wasm_bindgen::JsValue;

use super::Inside;
use crate::drive;
use crate::fault::Fault;

impl Inside {
    /// Sees to it that the alarm rings at a time, or before.
    pub(crate) fn wake(&self, at: u64) {
        let storage = self.state.storage();
        self.state.wait_until(async move {
            let set = storage.get_alarm().await.ok().flatten();
            if set.is_none_or(|set| set as u64 > at) {
                let date = js_sys::Date::new(&JsValue::from(at as f64));
                // Where it cannot be set, the next call sets it.
                drop(storage.set_alarm(ScheduledTime::new(date)).await);
            }
        });
    }

    /// Forgets what is over, and sets the alarm for what will be next.
    pub(super) async fn ring(&self) -> Result<(), Fault> {
        let now = drive::now();
        let next = [
            self.forget_tokens(now)?,
            self.forget_answers(now)?,
            self.stay_alive(now).await,
        ];
        if let Some(next) = next.into_iter().flatten().min() {
            self.wake(next + 1);
        }
        Ok(())
    }
}
