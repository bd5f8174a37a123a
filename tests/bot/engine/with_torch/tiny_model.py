"""A Stable Diffusion 2.1 of 4 MB with random weights, in the layout of the real one.

`python -m tests.bot.engine.with_torch.tiny_model FOLDER [--safety]` writes one. No network; a few
seconds for torch.
"""

import json
import sys
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from diffusers.utils import convert_state_dict_to_diffusers
from peft import LoraConfig, get_peft_model_state_dict
from transformers import (
    CLIPConfig,
    CLIPImageProcessorPil,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTokenizer,
)

# Source: scheduler/scheduler_config.json of stabilityai/stable-diffusion-2-1.
SD21_SCHEDULER = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "clip_sample": False,
    "num_train_timesteps": 1000,
    "prediction_type": "v_prediction",
    "set_alpha_to_one": False,
    "steps_offset": 1,
}
MERGES = ("t h", "th e</w>", "c a", "ca t</w>", "d o", "do g</w>")
WORDS = 2 * 256 + len(MERGES) + 2
START, END = "<|startoftext|>", "<|endoftext|>"


def build(folder: Path, *, safety: bool = False, seed: int = 0) -> Path:
    """Write the model; with `safety` also a checker that flags nothing by itself."""
    torch.manual_seed(seed)
    pipe = StableDiffusionPipeline(
        vae=_vae(),
        text_encoder=_text_encoder(),
        tokenizer=tokenizer(folder / "tokenizer"),
        unet=_unet(),
        scheduler=DDIMScheduler(**SD21_SCHEDULER),
        safety_checker=_checker() if safety else None,
        feature_extractor=CLIPImageProcessorPil(
            size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}
        ),
        requires_safety_checker=safety,
    )
    pipe.save_pretrained(folder)
    return folder


def write_lora(
    folder: Path, name: str, *, seed: int, words: bool = False, cross_attention_dim: int = 32
) -> None:
    """LoRA weights as `folder`/`name`.safetensors, by default such that fit the tiny model.

    With `words` there are some for its text encoder as well.
    """
    torch.manual_seed(seed)
    StableDiffusionPipeline.save_lora_weights(
        folder,
        unet_lora_layers=_adapter(_unet(cross_attention_dim), ["to_q", "to_k", "to_v", "to_out.0"]),
        text_encoder_lora_layers=_adapter(_text_encoder(), ["q_proj", "v_proj"]) if words else None,
        weight_name=f"{name}.safetensors",
    )


def _adapter(model: Any, targets: list[str]) -> Any:
    """Random weights for the `targets` of `model`."""
    model.add_adapter(
        LoraConfig(r=4, lora_alpha=4, init_lora_weights=False, target_modules=targets)
    )
    return convert_state_dict_to_diffusers(get_peft_model_state_dict(model))


def tokenizer(folder: Path) -> Any:
    """The toy vocabulary alone, written to `folder`."""
    _write_tokenizer(folder)
    return CLIPTokenizer.from_pretrained(folder)


def _unet(cross_attention_dim: int = 32) -> Any:
    return UNet2DConditionModel(
        sample_size=8,
        in_channels=4,
        out_channels=4,
        layers_per_block=1,
        block_out_channels=(32, 64),
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=cross_attention_dim,
        attention_head_dim=(2, 4),
        use_linear_projection=True,
        norm_num_groups=8,
    )


def _vae() -> Any:
    return AutoencoderKL(
        block_out_channels=(16, 16, 32, 32),
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=8,
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        sample_size=64,
    )


def _text_encoder() -> Any:
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=WORDS,
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=2,
            max_position_embeddings=77,
            hidden_act="gelu",
            projection_dim=32,
            bos_token_id=WORDS - 2,
            eos_token_id=WORDS - 1,
            pad_token_id=0,
        )
    )


def _checker() -> Any:
    tower = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1}
    tower["num_attention_heads"] = 1
    return StableDiffusionSafetyChecker(
        CLIPConfig(
            text_config={**tower, "vocab_size": 16},
            vision_config={**tower, "image_size": 32, "patch_size": 16},
            projection_dim=16,
        )
    )


def _write_tokenizer(folder: Path) -> None:
    """CLIP's layout with six merges: bytes, bytes that end a word, merges, two marks."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = _bytes_as_text()
    words = [*letters, *(letter + "</w>" for letter in letters)]
    words += [merge.replace(" ", "") for merge in MERGES] + [START, END]
    vocabulary = {word: number for number, word in enumerate(words)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), "utf-8")
    (folder / "merges.txt").write_text("\n".join(("#version: 0.2", *MERGES, "")), "utf-8")
    marks = {"bos_token": START, "eos_token": END, "unk_token": END, "pad_token": "!"}
    config = {
        **marks,
        "add_prefix_space": False,
        "do_lower_case": True,
        "errors": "replace",
        "model_max_length": 77,
        "tokenizer_class": "CLIPTokenizer",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config), "utf-8")
    (folder / "special_tokens_map.json").write_text(json.dumps(marks), "utf-8")
    assert len(words) == WORDS


def _bytes_as_text() -> list[str]:
    """Every byte as a printable letter, printable ones first and as themselves."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + n) for n in range(len(others))]


if __name__ == "__main__":
    print(build(Path(sys.argv[1]), safety="--safety" in sys.argv))  # noqa: T201
