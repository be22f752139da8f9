//! What the tensors of Whisper are called in each format, and in which order the published files have them.

use crate::models::architecture::Shape;

/// All tensors of a model in the order of the published files, by their names in ggml.
pub(super) fn in_order(shape: &Shape) -> Vec<String> {
    let mut names: Vec<String> =
        ["decoder.positional_embedding", "encoder.positional_embedding", "decoder.token_embedding.weight"]
            .map(str::to_owned)
            .into();
    for layer in 0..shape.text_layers {
        let block = format!("decoder.blocks.{layer}");
        names.extend(SELF.iter().chain(&CROSS).map(|part| format!("{block}.{part}")));
    }
    names.extend(["decoder.ln.weight", "decoder.ln.bias"].map(str::to_owned));
    let convolutions =
        ["encoder.conv1.weight", "encoder.conv1.bias", "encoder.conv2.weight", "encoder.conv2.bias"].map(str::to_owned);
    names.extend(convolutions);
    for layer in 0..shape.audio_layers {
        names.extend(SELF.iter().map(|part| format!("encoder.blocks.{layer}.{part}")));
    }
    names.extend(["encoder.ln_post.weight", "encoder.ln_post.bias"].map(str::to_owned));
    names
}

/// What every layer has, in order.
const SELF: [&str; 15] = [
    "mlp_ln.weight",
    "mlp_ln.bias",
    "mlp.0.weight",
    "mlp.0.bias",
    "mlp.2.weight",
    "mlp.2.bias",
    "attn_ln.weight",
    "attn_ln.bias",
    "attn.query.weight",
    "attn.query.bias",
    "attn.key.weight",
    "attn.value.weight",
    "attn.value.bias",
    "attn.out.weight",
    "attn.out.bias",
];

/// What layers that write have besides, in order.
const CROSS: [&str; 9] = [
    "cross_attn_ln.weight",
    "cross_attn_ln.bias",
    "cross_attn.query.weight",
    "cross_attn.query.bias",
    "cross_attn.key.weight",
    "cross_attn.value.weight",
    "cross_attn.value.bias",
    "cross_attn.out.weight",
    "cross_attn.out.bias",
];

/// A name of ggml taken apart: `encoder.blocks.3.attn.query.weight` is half, layer, part and kind.
struct Parts<'a> {
    /// `encoder` or `decoder`.
    half: &'a str,
    /// The number of the layer, in a layer.
    layer: Option<&'a str>,
    /// What it is there, such as `attn.query`.
    part: &'a str,
    /// `weight`, `bias`, or nothing.
    kind: &'a str,
}

impl Parts<'_> {
    fn of(name: &str) -> Parts<'_> {
        let (half, rest) = name.split_once('.').unwrap_or((name, ""));
        let (layer, rest) = match rest.strip_prefix("blocks.").and_then(|rest| rest.split_once('.')) {
            Some((layer, rest)) => (Some(layer), rest),
            None => (None, rest),
        };
        let (part, kind) = match rest.rsplit_once('.') {
            Some((part, kind @ ("weight" | "bias"))) => (part, kind),
            _ => (rest, ""),
        };
        Parts { half, layer, part, kind }
    }
}

/// The name that Hugging Face's `transformers` gives to a tensor of ggml, without the `model.` that most files put before.
pub(super) fn hugging_face(name: &str) -> String {
    let Parts { half, layer, part, kind } = Parts::of(name);
    let part = match part {
        "positional_embedding" => return format!("{half}.embed_positions.weight"),
        "token_embedding" => "embed_tokens",
        "ln_post" | "ln" => "layer_norm",
        "mlp_ln" => "final_layer_norm",
        "mlp.0" => "fc1",
        "mlp.2" => "fc2",
        "attn_ln" => "self_attn_layer_norm",
        "attn.query" => "self_attn.q_proj",
        "attn.key" => "self_attn.k_proj",
        "attn.value" => "self_attn.v_proj",
        "attn.out" => "self_attn.out_proj",
        "cross_attn_ln" => "encoder_attn_layer_norm",
        "cross_attn.query" => "encoder_attn.q_proj",
        "cross_attn.key" => "encoder_attn.k_proj",
        "cross_attn.value" => "encoder_attn.v_proj",
        "cross_attn.out" => "encoder_attn.out_proj",
        convolution => convolution,
    };
    match layer {
        Some(layer) => format!("{half}.layers.{layer}.{part}.{kind}"),
        None => format!("{half}.{part}.{kind}"),
    }
}

/// Where CTranslate2 keeps a tensor of ggml: a variable, or one of several equal parts that are stacked in one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct InVariable {
    pub name: String,
    /// Which part, from 0, and of how many.
    pub part: (u64, u64),
}

/// The variable of CTranslate2 for a tensor of ggml.
pub(super) fn ctranslate2(name: &str) -> InVariable {
    let Parts { half, layer, part, kind } = Parts::of(name);
    let whole = (0, 1);
    let (place, part) = match part {
        "positional_embedding" => ("position_encodings/encodings", whole),
        "token_embedding" => ("embeddings", whole),
        "ln_post" | "ln" => ("layer_norm", whole),
        "mlp_ln" => ("ffn/layer_norm", whole),
        "mlp.0" => ("ffn/linear_0", whole),
        "mlp.2" => ("ffn/linear_1", whole),
        "attn_ln" => ("self_attention/layer_norm", whole),
        // The bias of the keys, which Whisper does not have, is zeros there.
        "attn.query" => ("self_attention/linear_0", (0, 3)),
        "attn.key" => ("self_attention/linear_0", (1, 3)),
        "attn.value" => ("self_attention/linear_0", (2, 3)),
        "attn.out" => ("self_attention/linear_1", whole),
        "cross_attn_ln" => ("attention/layer_norm", whole),
        "cross_attn.query" => ("attention/linear_0", whole),
        "cross_attn.key" => ("attention/linear_1", (0, 2)),
        "cross_attn.value" => ("attention/linear_1", (1, 2)),
        "cross_attn.out" => ("attention/linear_2", whole),
        convolution => (convolution, whole),
    };
    let kind = match (place.ends_with("layer_norm"), kind) {
        (_, "") => String::new(),
        (true, "weight") => "/gamma".to_owned(),
        (true, _) => "/beta".to_owned(),
        (false, kind) => format!("/{kind}"),
    };
    let name = match layer {
        Some(layer) => format!("{half}/layer_{layer}/{place}{kind}"),
        None => format!("{half}/{place}{kind}"),
    };
    InVariable { name, part }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Two layers that hear and three that write, the least width.
    fn shape() -> Shape {
        Shape::of_header([51_864, 1500, 64, 1, 2, 448, 64, 1, 3, 80, 1]).expect("it is a proper header")
    }

    #[test]
    fn the_order_has_every_tensor_of_a_model_once() {
        let names = in_order(&shape());
        let set: BTreeSet<_> = names.iter().cloned().collect();
        assert_eq!(set.len(), names.len());
        assert!(set.iter().eq(shape().tensors().keys()));
    }

    #[test]
    fn each_tensor_has_a_place_of_its_own_in_every_format() {
        let names = in_order(&shape());
        let theirs: BTreeSet<_> = names.iter().map(|name| hugging_face(name)).collect();
        assert_eq!(theirs.len(), names.len());
        let places: BTreeSet<_> = names.iter().map(|name| format!("{:?}", ctranslate2(name))).collect();
        assert_eq!(places.len(), names.len());
    }

    #[test]
    fn names_are_those_of_the_other_formats() {
        let cases = [
            ("encoder.conv1.weight", "encoder.conv1.weight", "encoder/conv1/weight", (0, 1)),
            (
                "encoder.positional_embedding",
                "encoder.embed_positions.weight",
                "encoder/position_encodings/encodings",
                (0, 1),
            ),
            ("encoder.ln_post.bias", "encoder.layer_norm.bias", "encoder/layer_norm/beta", (0, 1)),
            ("decoder.token_embedding.weight", "decoder.embed_tokens.weight", "decoder/embeddings/weight", (0, 1)),
            (
                "encoder.blocks.11.attn.value.bias",
                "encoder.layers.11.self_attn.v_proj.bias",
                "encoder/layer_11/self_attention/linear_0/bias",
                (2, 3),
            ),
            (
                "decoder.blocks.0.cross_attn.key.weight",
                "decoder.layers.0.encoder_attn.k_proj.weight",
                "decoder/layer_0/attention/linear_1/weight",
                (0, 2),
            ),
            (
                "decoder.blocks.2.mlp_ln.weight",
                "decoder.layers.2.final_layer_norm.weight",
                "decoder/layer_2/ffn/layer_norm/gamma",
                (0, 1),
            ),
        ];
        for (name, theirs, variable, part) in cases {
            assert_eq!(hugging_face(name), theirs);
            assert_eq!(ctranslate2(name), InVariable { name: variable.to_owned(), part });
        }
    }
}
