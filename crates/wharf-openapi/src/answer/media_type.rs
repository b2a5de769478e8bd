//! A media type, taken apart: `application/problem+json; charset=utf-8`.

/// The type in lower case, and its parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MediaType {
    /// `type/subtype`, lower case; empty when there was none.
    pub essence: String,
    parameters: Vec<(String, String)>,
}

impl MediaType {
    /// Reads what it can: a media type that makes no sense is simply none of the known ones.
    pub(crate) fn parse(text: &str) -> Self {
        let mut pieces = split_quoted(text);
        let essence = pieces
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        let parameters = pieces.filter_map(|piece| {
            let (name, value) = piece.split_once('=')?;
            let value = value.trim().trim_matches('"');
            Some((name.trim().to_ascii_lowercase(), value.to_owned()))
        });
        Self {
            essence,
            parameters: parameters.collect(),
        }
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(each, _)| each == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn is_json(&self) -> bool {
        self.essence.ends_with("+json")
            || matches!(
                self.essence.as_str(),
                "application/json" | "text/json" | "text/x-json" | "application/x-json"
            )
    }

    /// One JSON value a line.
    pub(crate) fn is_json_lines(&self) -> bool {
        matches!(
            self.essence.as_str(),
            "application/x-ndjson"
                | "application/ndjson"
                | "application/jsonl"
                | "application/x-jsonl"
                | "application/jsonlines"
                | "application/x-jsonlines"
                | "application/json-lines"
                | "application/json-seq"
                | "application/stream+json"
                | "application/x-json-stream"
        )
    }

    pub(crate) fn is_xml(&self) -> bool {
        // SVG is a picture and XHTML a page; both are left to whoever asks for pictures and pages.
        let other = matches!(
            self.essence.as_str(),
            "image/svg+xml" | "application/xhtml+xml"
        );
        let xml = matches!(self.essence.as_str(), "application/xml" | "text/xml");
        !other && (xml || self.essence.ends_with("+xml"))
    }

    pub(crate) fn is_html(&self) -> bool {
        matches!(self.essence.as_str(), "text/html" | "application/xhtml+xml")
    }

    pub(crate) fn is_form(&self) -> bool {
        self.essence == "application/x-www-form-urlencoded"
    }

    pub(crate) fn is_multipart(&self) -> bool {
        self.essence.starts_with("multipart/")
    }

    /// The column separator of a table.
    pub(crate) fn table_separator(&self) -> Option<u8> {
        match self.essence.as_str() {
            "text/csv" | "application/csv" | "text/x-csv" | "application/x-csv" => Some(b','),
            "text/tab-separated-values" | "text/tsv" | "application/tsv" => Some(b'\t'),
            _ => None,
        }
    }

    /// Text, by name: what is none of these and no JSON, XML or form holds bytes, as far as we know.
    pub(crate) fn is_text(&self) -> bool {
        let essence = self.essence.as_str();
        essence.starts_with("text/")
            || essence.ends_with("+yaml")
            || matches!(
                essence,
                "application/yaml"
                    | "application/x-yaml"
                    | "application/toml"
                    | "application/graphql"
                    | "application/sql"
                    | "application/javascript"
                    | "application/x-javascript"
                    | "application/ecmascript"
                    | "application/typescript"
                    | "application/jwt"
                    | "application/jose"
                    | "application/x-pem-file"
                    | "application/pem-certificate-chain"
                    | "application/sparql-query"
                    | "application/sparql-update"
                    | "application/x-sh"
                    | "application/rtf"
                    | "application/csv"
                    | "application/x-csv"
                    | "application/tsv"
                    | "application/n-triples"
                    | "application/n-quads"
                    | "application/trig"
                    | "application/http"
                    | "application/dns"
                    | "image/svg+xml"
                    | "application/xhtml+xml"
            )
    }

    /// Bytes and nothing else, by name.
    pub(crate) fn is_binary(&self) -> bool {
        let essence = self.essence.as_str();
        let family = [
            "image/",
            "audio/",
            "video/",
            "font/",
            "application/vnd.openxmlformats-",
        ];
        family.iter().any(|each| essence.starts_with(each)) && essence != "image/svg+xml"
            || essence.ends_with("+zip")
            || essence.ends_with("+gzip")
            || matches!(
                essence,
                "application/octet-stream"
                    | "application/binary"
                    | "application/pdf"
                    | "application/zip"
                    | "application/gzip"
                    | "application/x-gzip"
                    | "application/x-tar"
                    | "application/x-7z-compressed"
                    | "application/x-bzip2"
                    | "application/zstd"
                    | "application/java-archive"
                    | "application/wasm"
                    | "application/msword"
                    | "application/vnd.ms-excel"
                    | "application/vnd.ms-powerpoint"
                    | "application/x-protobuf"
                    | "application/protobuf"
                    | "application/cbor"
                    | "application/msgpack"
                    | "application/x-msgpack"
                    | "application/vnd.sqlite3"
                    | "application/vnd.apache.parquet"
            )
    }

    /// `*/*`, `image/*`, `application/*`.
    pub(crate) fn is_wildcard(&self) -> bool {
        self.essence.ends_with('*')
    }

    /// The usual end of a file's name, without the dot.
    pub(crate) fn extension(&self) -> Option<&'static str> {
        Some(match self.essence.as_str() {
            "application/json" => "json",
            "application/pdf" => "pdf",
            "application/zip" => "zip",
            "application/gzip" | "application/x-gzip" => "gz",
            "application/xml" | "text/xml" => "xml",
            "application/msword" => "doc",
            "application/vnd.ms-excel" => "xls",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation" => "pptx",
            "audio/mpeg" => "mp3",
            "audio/wav" | "audio/x-wav" => "wav",
            "audio/ogg" => "ogg",
            "image/gif" => "gif",
            "image/jpeg" => "jpg",
            "image/png" => "png",
            "image/svg+xml" => "svg",
            "image/tiff" => "tiff",
            "image/webp" => "webp",
            "text/csv" => "csv",
            "text/html" => "html",
            "text/markdown" => "md",
            "text/plain" => "txt",
            "video/mp4" => "mp4",
            _ => return None,
        })
    }
}

/// Pieces between semicolons that no quotes enclose.
fn split_quoted(text: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |character| {
        quoted ^= character == '"';
        character == ';' && !quoted
    })
}
