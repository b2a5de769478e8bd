//! Results that ask something back (2026-07-28, multi round-trip requests).

use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::capability::ClientCapabilities;
use crate::elicitation::{FormElicitation, UrlElicitation};
use crate::error::{ErrorObject, code};
use crate::meta::Meta;
use crate::method::Method;
use crate::port::Request;
use crate::sampling::SamplingParams;

/// Something that only the client can find out: `elicitation/create`, `sampling/createMessage` or
/// `roots/list`.
#[derive(Clone, Debug, Serialize)]
pub struct InputRequest {
    method: Method,
    params: Box<RawValue>,
}

impl InputRequest {
    /// Asks the person behind the client to fill a form.
    ///
    /// # Errors
    ///
    /// `-32603` where the parameters cannot be written as JSON, here and below; and for a form that
    /// asks for a secret, which only a URL may.
    pub fn form(params: &FormElicitation) -> Result<Self, ErrorObject> {
        if let Some(name) = params.secret() {
            let message = format!("a form must not ask for secrets such as `{name}`");
            return Err(ErrorObject::new(code::INTERNAL_ERROR, message));
        }
        Self::tagged(params, "form")
    }

    /// Asks the person behind the client to open a URL.
    pub fn url(params: &UrlElicitation) -> Result<Self, ErrorObject> {
        Self::tagged(params, "url")
    }

    /// Asks the client's model.
    pub fn sample(params: &SamplingParams) -> Result<Self, ErrorObject> {
        Self::raw(Method::CREATE_MESSAGE, params)
    }

    /// Asks where the server may work.
    pub fn roots() -> Result<Self, ErrorObject> {
        Self::raw(Method::LIST_ROOTS, &crate::capability::Empty {})
    }

    /// A request as another server wrote it.
    ///
    /// # Errors
    ///
    /// `-32603` for a method that asks nothing of a client.
    pub fn raw(method: Method, params: &impl Serialize) -> Result<Self, ErrorObject> {
        let asks = [Method::ELICIT, Method::CREATE_MESSAGE, Method::LIST_ROOTS];
        if !asks.contains(&method) {
            return Err(ErrorObject::internal());
        }
        let params = to_raw_value(params).map_err(|_| ErrorObject::internal())?;
        Ok(Self { method, params })
    }

    fn tagged(params: &impl Serialize, mode: &'static str) -> Result<Self, ErrorObject> {
        #[derive(Serialize)]
        struct Tagged<'a, T> {
            mode: &'static str,
            #[serde(flatten)]
            params: &'a T,
        }
        Self::raw(Method::ELICIT, &Tagged { mode, params })
    }

    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The same as a request of the legacy era.
    pub fn to_request(&self) -> Request {
        Request {
            method: self.method.clone(),
            params: Some(self.params.clone()),
        }
    }

    /// What of the client it needs.
    pub fn need(&self) -> Need {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Asked {
            mode: Option<String>,
            tools: Option<Box<RawValue>>,
        }
        let asked: Asked = serde_json::from_str(self.params.get()).unwrap_or_default();
        if self.method == Method::LIST_ROOTS {
            Need::Roots
        } else if self.method == Method::CREATE_MESSAGE {
            match asked.tools {
                Some(_) => Need::SamplingWithTools,
                None => Need::Sampling,
            }
        } else if asked.mode.as_deref() == Some("url") {
            Need::Url
        } else {
            Need::Form
        }
    }

    /// Whether `answer` is one to this request, as far as its outline shows.
    pub fn takes(&self, answer: &RawValue) -> bool {
        let json = answer.get();
        if self.method == Method::ELICIT {
            serde_json::from_str::<crate::elicitation::Elicited>(json).is_ok()
        } else if self.method == Method::CREATE_MESSAGE {
            serde_json::from_str::<crate::sampling::Sampled>(json).is_ok()
        } else {
            serde_json::from_str::<crate::root::ListedRoots>(json).is_ok()
        }
    }
}

/// What a question needs of the client that is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Form,
    Url,
    Sampling,
    SamplingWithTools,
    Roots,
}

impl Need {
    /// # Errors
    ///
    /// `-32021` where `capabilities` do not say that the client can.
    pub fn check(self, capabilities: &ClientCapabilities) -> Result<(), ErrorObject> {
        let met = match self {
            Self::Form => capabilities.elicits_forms(),
            Self::Url => capabilities.elicits_urls(),
            Self::Sampling => capabilities.sampling.is_some(),
            Self::SamplingWithTools => capabilities.samples_with_tools(),
            Self::Roots => capabilities.roots.is_some(),
        };
        if met {
            return Ok(());
        }
        Err(ErrorObject::missing_capability(&match self {
            Self::Form => serde_json::json!({ "elicitation": { "form": {} } }),
            Self::Url => serde_json::json!({ "elicitation": { "url": {} } }),
            Self::Sampling => serde_json::json!({ "sampling": {} }),
            Self::SamplingWithTools => serde_json::json!({ "sampling": { "tools": {} } }),
            Self::Roots => serde_json::json!({ "roots": {} }),
        }))
    }
}

/// Fields of an `input_required` result. At least one of the two is there.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InputRequired {
    #[serde(skip_serializing_if = "InputRequests::is_empty")]
    pub input_requests: InputRequests,
    /// What the client brings back unread. Whoever believes it has sealed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_state: Option<String>,
}

/// Questions by the keys that their answers come back under, in the order they were asked.
#[derive(Clone, Debug, Default)]
pub struct InputRequests(Vec<(Box<str>, InputRequest)>);

impl InputRequests {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a question, in place of one under the same key.
    pub fn insert(&mut self, key: &str, request: InputRequest) {
        match self.0.iter_mut().find(|(known, _)| &**known == key) {
            Some((_, old)) => *old = request,
            None => self.0.push((key.into(), request)),
        }
    }

    /// Takes the question under `key` back.
    pub fn remove(&mut self, key: &str) {
        self.0.retain(|(known, _)| &**known != key);
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &InputRequest)> {
        self.0.iter().map(|(key, request)| (&**key, request))
    }
}

impl Serialize for InputRequests {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// Parameters that come with every retry of a request that was answered with `input_required`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RetryParams {
    /// Answers by the keys of their questions, each as the client wrote it.
    #[serde(default)]
    pub input_responses: Meta,
    #[serde(default)]
    pub request_state: Option<String>,
}
