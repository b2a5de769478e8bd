//! One operation of a document, resolved: everything a call needs, nothing it does not.

/// An operation with its references followed and its defaults applied. Whatever dialect the
/// document speaks, this is what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The HTTP method in upper case.
    pub method: String,
    /// The path as the document writes it, with `{placeholders}` and sometimes a fixed query.
    pub path: String,
    /// The server's URL, variables filled in and relative references resolved where a base is
    /// known. Without trailing slash.
    pub server: String,
    /// Every parameter, path, query, header and cookie, in the document's order.
    pub parameters: Vec<Parameter>,
    /// The request body, if the operation takes one.
    pub body: Option<Body>,
    /// Media types of the answers, best first; sent as `Accept`.
    pub accepts: Vec<String>,
    /// Alternatives: any one of them suffices. Empty means that no credential is declared.
    pub security: Vec<Requirement>,
}

/// How one argument travels outside the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The key of the argument in the tool's input schema.
    pub argument: String,
    /// The name on the wire.
    pub name: String,
    pub location: Location,
    pub required: bool,
    pub encoding: Encoding,
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    Path,
    Query,
    /// The whole query string is this one value (`in: querystring`, OpenAPI 3.2).
    QueryString,
    Header,
    Cookie,
}

/// How a value becomes text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// By OpenAPI's `style`, `explode` and `allowReserved`.
    Style {
        style: Style,
        explode: bool,
        allow_reserved: bool,
    },
    /// As a document of this media type (`content` parameters).
    Content { media_type: String },
}

/// OpenAPI's serialisation styles; `Tsv` and `Multi` of Swagger 2.0 are folded into them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    TabDelimited,
    DeepObject,
    Cookie,
}

/// How the body is made from arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub required: bool,
    /// The media type that was chosen from those offered.
    pub media_type: String,
    pub source: BodySource,
    /// Per-property encodings of form and multipart bodies, in the document's order.
    pub fields: Vec<Field>,
    /// The schema of the whole body with references left in place, for XML hints.
    pub schema_pointer: Option<String>,
    /// The whole body is the bytes of a file, given as base64 or as a data URI. Media types that can
    /// be nothing else (`application/octet-stream`, `image/*`, …) are read so without being told.
    pub file: bool,
    /// How an XML body spells its elements; `None` for every other media type.
    pub xml: Option<XmlHints>,
}

/// The `xml` hints of a body's schema, references followed, as a small arena: a recursive schema is
/// a node that names an earlier one. An empty arena means one plain element a property.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct XmlHints {
    /// Node 0 is the body itself.
    pub nodes: Vec<XmlNode>,
}

/// What one schema says about its XML form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct XmlNode {
    /// `xml.name`; for the root, else the name of the component schema, where there is one.
    pub name: Option<String>,
    /// `xml.namespace`, the URI.
    pub namespace: Option<String>,
    pub prefix: Option<String>,
    pub kind: XmlKind,
    /// An array whose items sit in an element of the array's own (`wrapped`).
    pub wrapped: bool,
    /// `(property, its node)`, in the document's order. A property without hints need not be here.
    pub properties: Vec<(String, usize)>,
    /// The node of an array's items.
    pub items: Option<usize>,
}

/// What a value becomes in XML: `attribute: true`, or `nodeType` of OpenAPI 3.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum XmlKind {
    #[default]
    Element,
    Attribute,
    /// The text of the element around it (`nodeType: text` and `cdata`).
    Text,
}

/// Which arguments make up the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodySource {
    /// One argument is the whole body.
    Argument(String),
    /// Each property is an argument of its own.
    Properties {
        /// `(argument, property)`, in the document's order.
        properties: Vec<(String, String)>,
        /// Whether arguments that no property or parameter claims belong to the body too.
        open: bool,
    },
}

/// One property of a form or multipart body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The property's name.
    pub name: String,
    /// The bytes of a file (`format: binary`, `contentEncoding`, `type: file`), given as base64 or
    /// as a data URI.
    pub file: bool,
    /// `encoding.contentType`, or the default for the property's type.
    pub content_type: Option<String>,
    /// `encoding.style` and its companions, where the document gives any.
    pub style: Option<(Style, bool)>,
}

/// One way to be let in: all of these schemes together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirement {
    /// `(scheme name, scopes)`. Empty means that no credential is needed.
    pub schemes: Vec<(String, Vec<String>)>,
}

/// A security scheme as the document defines it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecurityScheme {
    ApiKey {
        location: Location,
        name: String,
    },
    /// `scheme` in lower case: `basic`, `bearer`, `digest` and others.
    Http {
        scheme: String,
    },
    OAuth2 {
        flows: Vec<OAuthFlow>,
    },
    OpenIdConnect {
        url: String,
    },
    MutualTls,
    /// Something no specification names; kept so that a diagnostic can.
    Other {
        kind: String,
    },
}

/// One OAuth2 flow of a scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthFlow {
    /// `clientCredentials`, `authorizationCode`, `password`, `implicit`, `deviceAuthorization`.
    pub kind: String,
    pub token_url: Option<String>,
    pub authorization_url: Option<String>,
    pub scopes: Vec<String>,
}
