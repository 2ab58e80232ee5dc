//! Access tokens that must be refused, made of a good one: cut, changed, signed in other ways, or saying other things. Most
//! are signed with the shop's own key, so that it is what they say that gives them away.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};

/// A name and a token each. `pem` is the private key that signed `good`.
#[must_use]
pub fn forgeries(pem: &str, good: &str) -> Vec<(String, String)> {
    let forger = Forger::new(pem, good);
    let resigned = forger.signed(&json!({}), &json!({}));
    assert_eq!(resigned.split('.').count(), 3, "the forger's own work is sound");
    [
        forger.cut(),
        forger.flipped(),
        forger.otherwise_signed(),
        forger.other_headers(),
        forger.other_claims(),
        forger.misshapen(),
    ]
    .concat()
}

struct Forger {
    good: String,
    parts: [String; 3],
    header: Value,
    claims: Value,
    private: EncodingKey,
    public_pem: String,
}

type Forgeries = Vec<(String, String)>;

impl Forger {
    fn new(pem: &str, good: &str) -> Self {
        let parts: [String; 3] = good.split('.').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap();
        let [header, claims] =
            [0, 1].map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&parts[part]).unwrap()).unwrap());
        let body: String = pem
            .lines()
            .skip_while(|line| !line.starts_with("-----BEGIN"))
            .skip(1)
            .take_while(|line| !line.starts_with("-----END"))
            .collect();
        let pair = KeyPair::from_pkcs8(&STANDARD.decode(body).unwrap()).unwrap();
        let public: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
        let public_pem =
            format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(public.as_ref()));
        let private = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
        Self { good: good.to_owned(), parts, header, claims, private, public_pem }
    }

    /// The good token with other words in its header and claims, signed by the shop's key. `null` leaves a word out.
    fn signed(&self, header: &Value, claims: &Value) -> String {
        self.signed_text(&changed(&self.header, header).to_string(), &changed(&self.claims, claims).to_string())
    }

    fn signed_text(&self, header: &str, claims: &str) -> String {
        let text = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let signature = crypto::sign(text.as_bytes(), &self.private, Algorithm::RS256).unwrap();
        format!("{text}.{signature}")
    }

    fn unsigned(&self, header: &Value) -> String {
        format!("{}.{}", URL_SAFE_NO_PAD.encode(changed(&self.header, header).to_string()), self.parts[1])
    }

    fn cut(&self) -> Forgeries {
        let step = (self.good.len() / 40).max(1);
        let from_the_end = (0..self.good.len())
            .step_by(step)
            .map(|length| (format!("cut to {length}"), self.good[..length].to_owned()));
        let from_the_start = (1..self.good.len())
            .step_by(step * 4)
            .map(|start| (format!("cut from {start}"), self.good[start..].to_owned()));
        from_the_end.chain(from_the_start).collect()
    }

    /// One bit changed in each part, at several places.
    fn flipped(&self) -> Forgeries {
        let mut forged = Vec::new();
        for part in 0..3 {
            let bytes = URL_SAFE_NO_PAD.decode(&self.parts[part]).unwrap();
            for place in (0..bytes.len()).step_by((bytes.len() / 12).max(1)) {
                let mut bytes = bytes.clone();
                bytes[place] ^= 1 << (place % 7);
                let mut parts = self.parts.clone();
                parts[part] = URL_SAFE_NO_PAD.encode(bytes);
                forged.push((format!("part {part}, byte {place} flipped"), parts.join(".")));
            }
        }
        forged
    }

    fn otherwise_signed(&self) -> Forgeries {
        let mut forged = Vec::new();
        for none in ["none", "None", "NONE", "nOnE", ""] {
            let text = self.unsigned(&json!({"alg": none}));
            forged.push((format!("alg {none}, no signature"), format!("{text}.")));
            forged.push((format!("alg {none}, old signature"), format!("{text}.{}", self.parts[2])));
        }
        let modulus = self.parts[2].clone();
        let secrets = [self.public_pem.as_str(), self.public_pem.trim(), "", "secret", &modulus];
        for (algorithm, name) in [(Algorithm::HS256, "HS256"), (Algorithm::HS384, "HS384"), (Algorithm::HS512, "HS512")]
        {
            for (place, secret) in secrets.iter().enumerate() {
                let text = self.unsigned(&json!({"alg": name}));
                let signature =
                    crypto::sign(text.as_bytes(), &EncodingKey::from_secret(secret.as_bytes()), algorithm).unwrap();
                forged.push((format!("{name} with secret {place}"), format!("{text}.{signature}")));
            }
        }
        for (algorithm, name) in [
            (Algorithm::RS384, "RS384"),
            (Algorithm::RS512, "RS512"),
            (Algorithm::PS256, "PS256"),
            (Algorithm::PS384, "PS384"),
            (Algorithm::PS512, "PS512"),
        ] {
            let text = self.unsigned(&json!({"alg": name}));
            let signature = crypto::sign(text.as_bytes(), &self.private, algorithm).unwrap();
            forged.push((format!("honestly {name}"), format!("{text}.{signature}")));
            let text = format!("{}.{}", self.parts[0], self.parts[1]);
            let signature = crypto::sign(text.as_bytes(), &self.private, algorithm).unwrap();
            forged.push((format!("{name} that says RS256"), format!("{text}.{signature}")));
        }
        for name in ["ES256", "ES384", "EdDSA", "RS1", "rs256", "RS256 ", "HS1", "dir"] {
            let text = self.unsigned(&json!({"alg": name}));
            forged.push((format!("alg {name}"), format!("{text}.{}", URL_SAFE_NO_PAD.encode([7; 64]))));
        }
        forged
    }

    fn other_headers(&self) -> Forgeries {
        let jwk = json!({"kty": "RSA", "n": self.parts[2], "e": "AQAB", "alg": "RS256", "use": "sig"});
        let changes = [
            json!({"typ": null}),
            json!({"typ": "at+jwt"}),
            json!({"typ": "jwt"}),
            json!({"typ": 7}),
            json!({"typ": "JWE"}),
            json!({"kid": null}),
            json!({"kid": ""}),
            json!({"kid": "another"}),
            json!({"kid": 7}),
            json!({"kid": ["a"]}),
            json!({"kid": "../../../../dev/null"}),
            json!({"kid": "' OR '1'='1"}),
            json!({"kid": "k".repeat(4_000)}),
            json!({"jku": "https://evil.example/jwks.json"}),
            json!({"jwk": jwk}),
            json!({"x5u": "https://evil.example/x.pem"}),
            json!({"x5c": ["AAAA"]}),
            json!({"x5t": "AAAA"}),
            json!({"crit": ["exp"]}),
            json!({"b64": false, "crit": ["b64"]}),
            json!({"cty": "JWT"}),
            json!({"zip": "DEF"}),
            json!({"alg": null}),
            json!({"alg": 7}),
            json!({"alg": ["RS256"]}),
            json!({"extra": "word"}),
        ];
        let mut forged: Forgeries =
            changes.iter().map(|change| (format!("header {change:.60}"), self.signed(change, &json!({})))).collect();
        let claims = self.claims.to_string();
        for header in [
            "",
            "[]",
            "null",
            "{}",
            "\"RS256\"",
            "{\"alg\":\"RS256\"",
            "{\"alg\":\"RS256\",\"alg\":\"none\"}",
            "\u{feff}{}",
        ] {
            forged.push((format!("the header {header}"), self.signed_text(header, &claims)));
        }
        forged
    }

    fn other_claims(&self) -> Forgeries {
        let mut forged = Vec::new();
        for name in ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"] {
            let wrong = [
                json!(null),
                json!(true),
                json!("x"),
                json!(""),
                json!([]),
                json!({}),
                json!(["carat"]),
                json!(1.5e300),
                json!(-0.5),
            ];
            for value in wrong {
                forged.push((format!("{name} = {value}"), self.signed(&json!({}), &json!({(name): value}))));
            }
        }
        let now = self.claims["iat"].as_i64().unwrap();
        let more = [
            json!({"exp": 0}),
            json!({"exp": -1}),
            json!({"exp": now}),
            json!({"exp": now - 1}),
            json!({"exp": now - 86_400}),
            json!({"exp": i64::MAX}),
            json!({"exp": i64::MIN}),
            json!({"exp": u64::MAX}),
            json!({"exp": "9999999999"}),
            json!({"nbf": now + 3_600}),
            json!({"nbf": i64::MAX}),
            json!({"nbf": u64::MAX}),
            json!({"nbf": "0"}),
            json!({"iss": "Carat"}),
            json!({"iss": "carat "}),
            json!({"iss": ["carat", "evil"]}),
            json!({"aud": "carat"}),
            json!({"aud": "CARAT-API"}),
            json!({"aud": ["carat-api", "evil"]}),
            json!({"sub": "admin"}),
            json!({"sub": 1}),
            json!({"sub": "00000000-0000-0000-0000-00000000000g"}),
            json!({"jti": "../../x"}),
            json!({"sid": "é"}),
        ];
        forged.extend(more.iter().map(|change| (format!("claims {change}"), self.signed(&json!({}), change))));
        let header = self.header.to_string();
        let claims = self.claims.to_string();
        let twice = |extra: &str| claims.replacen('{', &format!("{{{extra},"), 1);
        for text in [
            String::new(),
            "[]".to_owned(),
            "null".to_owned(),
            "{}".to_owned(),
            "7".to_owned(),
            claims.replace('}', ""),
            format!("{claims}{claims}"),
            twice("\"sub\":\"00000000-0000-0000-0000-000000000001\""),
            twice("\"exp\":9999999999"),
            twice("\"iss\":\"carat\""),
            format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000)),
        ] {
            forged.push((format!("the claims {text:.60}"), self.signed_text(&header, &text)));
        }
        forged
    }

    fn misshapen(&self) -> Forgeries {
        let [header, claims, signature] = &self.parts;
        let padded: Vec<String> =
            self.parts.iter().map(|part| URL_SAFE.encode(URL_SAFE_NO_PAD.decode(part).unwrap())).collect();
        let reversed: String = signature.chars().rev().collect();
        let forged = [
            ("nothing", String::new()),
            ("a word", "nonsense".to_owned()),
            ("one dot", ".".to_owned()),
            ("two dots", "..".to_owned()),
            ("many dots", ".".repeat(500)),
            ("no signature", format!("{header}.{claims}")),
            ("empty signature", format!("{header}.{claims}.")),
            ("four parts", format!("{}.{signature}", self.good)),
            ("five parts", format!("{0}.{0}", self.good)),
            ("twice", format!("{0}{0}", self.good)),
            ("no header", format!(".{claims}.{signature}")),
            ("no claims", format!("{header}..{signature}")),
            ("parts in another order", format!("{claims}.{header}.{signature}")),
            ("signature backwards", format!("{header}.{claims}.{reversed}")),
            ("padding", padded.join(".") + "="),
            ("a sign behind", format!("{}!", self.good)),
            ("a letter behind", format!("{}A", self.good)),
            ("upper case", self.good.to_uppercase()),
            ("another alphabet", format!("{header}.{claims}.{}", signature.replace(['-', '_'], "+") + "/")),
            ("not ASCII", format!("{header}.{claims}.é{signature}")),
            ("Cyrillic", self.good.replacen('e', "е", 1)),
            ("a null byte", format!("{}%00", self.good)),
            ("zeroes", format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode([0; 384]))),
            ("a short signature", format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode([1; 8]))),
            ("a long signature", format!("{header}.{claims}.{}", "A".repeat(4_000))),
            ("a long word", "a".repeat(6_000)),
            ("an API key", "carat_0123456789abcdef".to_owned()),
            ("a UUID", "01890f4e-0000-7000-8000-000000000000".to_owned()),
        ];
        forged.into_iter().map(|(name, token)| (name.to_owned(), token)).collect()
    }
}

fn changed(words: &Value, changes: &Value) -> Value {
    let mut words = words.as_object().unwrap().clone();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            words.remove(name);
        } else {
            words.insert(name.clone(), value.clone());
        }
    }
    Value::Object(words)
}
