"""Recipes: what they describe, and everything that is wrong with one in one line."""

import os
from dataclasses import fields

import pytest

from spiker import (
    IF,
    LI,
    LIF,
    ConfigError,
    CubaLIF,
    Delta,
    DesignRuleError,
    Direct,
    Latency,
    Population,
    Rate,
    SpikerError,
)
from spiker.encoders import Unencoded
from spiker.recipe import Recipe, load_recipe, parse_recipe, recipe_names, recipe_text
from spiker.recipe_stdp import Competition
from spiker.recipe_training import Augmentation, SpikeAugmentation, Teacher, Training

SMALLEST = """
[data]
name = "digits"

[[layers]]
neuron = "li"
size = 10
"""

# hidden neurons, bits of the weights, inputs
SHIPPED = {
    "digits": (32, 4, 64),
    "mnist": (128, 4, 784),
    "mnist-best": (128, 4, 784),
    "mnist-small": (64, 3, 784),
    "mnist-tiny": (32, 3, 784),
}

LI_LAYER = 'neuron = "li"\nsize = 10'
LIF_LAYER = 'neuron = "lif"\nsize = 10'


def one_layer(text, more="", top=""):
    return f'{top}\n[data]\nname = "digits"\n[[layers]]\n{text}\n{more}'


def refusal(text, error=SpikerError):
    with pytest.raises(error) as caught:
        parse_recipe(text, "mine.toml")
    message = str(caught.value)
    assert message.startswith("mine.toml")
    assert "\n" not in message
    return message


def test_smallest_recipe_takes_the_rest_as_documented():
    recipe = parse_recipe(SMALLEST)
    assert (recipe.steps, recipe.readout, recipe.encoder) == (8, "membrane", None)
    network = recipe.network(inputs=64, classes=10, maximum=16)
    assert (network.inputs, network.steps, network.readout, network.encoder) == (64, 8, "membrane", None)
    (layer,) = network.layers
    assert (layer.size, layer.neuron, layer.weight_bits) == (10, LI(state_bits=8, leak_shift=None), 4)
    assert layer.recurrent_bits is layer.bias_bits is layer.weight is None
    training = recipe.training
    assert (training.epochs, training.float_epochs, training.batch, training.validation) == (20, 0, 64, 0)
    assert (training.spike_target, training.spike_cost, training.average) == (None, 0.1, 0.0)
    assert training.augmentation is training.teacher is None
    assert recipe.text == SMALLEST


def test_every_key_arrives():
    recipe = parse_recipe(
        """
        steps = 5
        readout = "first_spike"
        [data]
        name = "anything"
        [encoder]
        kind = "rate"
        maximum = 9
        seed = 3
        [[layers]]
        neuron = "cubalif"
        size = 2
        weight_bits = 3
        recurrent_bits = 5
        bias_bits = 6
        state_bits = 10
        current_bits = 9
        threshold = [3, 4]
        leak_shift = 2
        current_leak_shift = [1, 8]
        reset = "zero"
        [[layers]]
        neuron = "if"
        size = 1
        threshold = 0
        reset = "none"
        [training]
        epochs = 3
        float_epochs = 2
        batch = 7
        rate = 1
        warm_up = 0.5
        schedule = "linear"
        optimizer = "AdamW"
        optimizer_options = {weight_decay = 1, amsgrad = true, betas = [0.5, 0.75]}
        loss = "counts"
        best = true
        patience = 4
        surrogate = "triangle"
        surrogate_slope = 4.0
        input_drop = 0.25
        hidden_drop = 0.125
        gradient_norm = 2
        validation = 100
        spike_target = 40
        spike_cost = 0.5
        learn = ["threshold", "leak"]
        average = 0.75
        [training.augmentation]
        rotation = 0.5
        scale = 0.25
        shift = 2
        elastic = 1.5
        [training.teacher]
        epochs = 4
        batch = 16
        rate = 0.125
        views = 2
        pool = 5
        weight = 0.25
        temperature = 3
        """
    )
    network = recipe.network(inputs=4, classes=1, maximum=255)
    assert (network.steps, network.readout, network.encoder) == (5, "first_spike", Rate(9, 3))
    first, last = network.layers
    assert first.neuron == CubaLIF(10, 9, (3, 4), 2, (1, 8), "zero")
    assert (first.size, first.weight_bits, first.recurrent_bits, first.bias_bits) == (2, 3, 5, 6)
    assert last.neuron == IF(8, 0, "none")
    training = recipe.training.model_dump()
    assert training == {
        "epochs": 3,
        "float_epochs": 2,
        "batch": 7,
        "rate": 1.0,
        "warm_up": 0.5,
        "schedule": "linear",
        "optimizer": "AdamW",
        "optimizer_options": {"weight_decay": 1.0, "amsgrad": True, "betas": (0.5, 0.75)},
        "loss": "counts",
        "best": True,
        "patience": 4,
        "surrogate": "triangle",
        "surrogate_slope": 4.0,
        "input_drop": 0.25,
        "hidden_drop": 0.125,
        "gradient_norm": 2.0,
        "validation": 100,
        "spike_target": 40.0,
        "spike_cost": 0.5,
        "learn": ("threshold", "leak"),
        "average": 0.75,
        "augmentation": {"rotation": 0.5, "scale": 0.25, "shift": 2.0, "elastic": 1.5},
        "spike_augmentation": None,
        "teacher": {
            "epochs": 4,
            "batch": 16,
            "rate": 0.125,
            "views": 2,
            "pool": 5,
            "weight": 0.25,
            "temperature": 3.0,
        },
    }


def test_encoders_maximum_comes_from_the_data_unless_given():
    text = '[encoder]\nkind = "latency"\nthreshold = 3'
    found = parse_recipe(one_layer('neuron = "li"\nsize = 10', text)).network(64, 10, maximum=16)
    assert found.encoder == Latency(16, 3)
    found = parse_recipe(one_layer('neuron = "li"\nsize = 10', text + "\nmaximum = 20")).network(64, 10, 16)
    assert found.encoder == Latency(20, 3)


@pytest.mark.parametrize(
    ("text", "encoder", "inputs"),
    [
        ('kind = "population"\nneurons = 3\nwidth = 2', Population(16, 3, 2), 192),
        ('kind = "delta"\nthreshold = 5', Delta(16, 5), 128),
        ('kind = "direct"\nthreshold = 7', Direct(16, 7), 64),
    ],
)
def test_a_networks_inputs_follow_from_the_datas_values_and_the_encoder(text, encoder, inputs):
    recipe = parse_recipe(one_layer('neuron = "li"\nsize = 10', f"[encoder]\n{text}"))
    network = recipe.network(inputs=64, classes=10, maximum=16)
    assert (network.encoder, network.inputs, network.values) == (encoder, inputs, 64)


def test_encoder_none_takes_spikes():
    recipe = parse_recipe(one_layer('neuron = "li"\nsize = 10', '[encoder]\nkind = "none"'))
    assert recipe.network(1, 10, 16).encoder == Unencoded()


def test_encoder_is_checked_again_with_the_datas_maximum():
    recipe = parse_recipe(
        one_layer('neuron = "li"\nsize = 10', '[encoder]\nkind = "latency"\nthreshold = 16')
    )
    with pytest.raises(DesignRuleError, match="encoder: threshold = 16, allowed: 0 to 15"):
        recipe.network(64, 10, maximum=16)


def test_last_layer_is_as_large_as_the_data_has_classes():
    with pytest.raises(
        ConfigError, match=r"layers\[0\]\.size = 10, but data set 'digits' has 12 classes; allowed: 12"
    ):
        parse_recipe(SMALLEST).network(64, 12, 16)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_recipes_are_the_documented_networks(name):
    hidden, bits, inputs = SHIPPED[name]
    recipe = load_recipe(name)
    network = recipe.network(inputs, 10, 255)
    assert [layer.size for layer in network.layers] == [hidden, 10]
    assert [layer.weight_bits for layer in network.layers] == [bits, bits]
    assert [type(layer.neuron) for layer in network.layers] == [LIF, LI]
    assert isinstance(network.encoder, Latency)
    assert recipe.text == recipe_text(name)


def test_spoken_digits_take_a_recurrent_network_of_current_based_neurons():
    network = load_recipe("fsdd").network(700, 10, 1)
    hidden, last = network.layers
    assert (network.inputs, hidden.size, last.size, network.encoder) == (700, 200, 10, None)
    assert (type(hidden.neuron), type(last.neuron), hidden.is_recurrent) == (CubaLIF, LI, True)
    assert max(hidden.weight_bits, hidden.recurrent_bits, last.weight_bits) <= 6


@pytest.mark.parametrize(
    ("name", "rule", "hidden"), [("stdp", "competition", 400), ("diehl-cook", "diehl_cook", 100)]
)
def test_shipped_recipes_without_labels_have_weights_of_4_bits(name, rule, hidden):
    recipe = load_recipe(name)
    learning, votes = recipe.network(784, 10, 255).layers
    assert recipe.stdp.rule == rule
    assert (learning.size, learning.weight_bits, votes.weight_bits) == (hidden, 4, 4)
    assert learning.is_recurrent


WRONG_STDP = {
    "no rule": ("[stdp]\npasses = 3", "stdp lacks rule"),
    "an unknown rule": (
        '[stdp]\nrule = "hebb"',
        "stdp has rule = 'hebb'; allowed: 'competition', 'diehl_cook'",
    ),
    "another rule's key": (
        '[stdp]\nrule = "competition"\ntc_theta = 1e7',
        "stdp.tc_theta is an unknown key; known: passes,",
    ),
    "a negative number": (
        '[stdp]\nrule = "competition"\nspikes = -1.0',
        "stdp.spikes = -1.0; allowed: greater than 0",
    ),
    "no pair": (
        '[stdp]\nrule = "competition"\nrate = 0.05',
        "stdp.rate = 0.05; allowed: a list of two numbers",
    ),
    "unknown votes": (
        '[stdp]\nrule = "competition"\nvotes = "mine"',
        "stdp.votes = 'mine'; allowed: 'least_squares', 'shares' or 'labels'",
    ),
    "both ways to learn": (
        '[stdp]\nrule = "competition"\n[training]\nepochs = 3',
        "[training] and [stdp] are both there; allowed: one of them",
    ),
}


@pytest.mark.parametrize(("text", "message"), WRONG_STDP.values(), ids=WRONG_STDP)
def test_what_is_wrong_with_stdp_is_told(text, message):
    assert message in refusal(one_layer(LIF_LAYER, text))


def test_what_only_the_data_shows_is_told_with_the_recipes_name(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(one_layer(LI_LAYER, '[encoder]\nkind = "latency"\nthreshold = 20'), "utf-8")
    recipe = load_recipe(path)
    with pytest.raises(ConfigError, match=r"mine\.toml: layers\[0\]\.size = "):
        recipe.network(inputs=4, classes=1000, maximum=255)
    with pytest.raises(DesignRuleError, match=r"mine\.toml breaks design rule: encoder: threshold = 20"):
        recipe.network(inputs=4, classes=1, maximum=16)


def test_shipped_recipes_can_be_started_from(tmp_path):
    assert recipe_names() == tuple(sorted([*SHIPPED, "fsdd", "stdp", "diehl-cook"]))
    path = tmp_path / "mine.toml"
    path.write_text(recipe_text("digits"), "utf-8")
    assert load_recipe(path).model_dump() == load_recipe("digits").model_dump()


@pytest.mark.parametrize("neuron", [IF, LIF, CubaLIF, LI])
def test_a_layers_keys_are_the_neurons_own(neuron):
    keys = {field.name: getattr(neuron(), field.name) for field in fields(neuron)}
    text = "\n".join(
        f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"
        for key, value in keys.items()
        if value is not None
    )
    recipe = parse_recipe(one_layer(f'neuron = "{neuron.name}"\nsize = 3\n{text}'))
    assert recipe.network(1, 3, 1).layers[0].neuron == neuron()


# Refused


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("", ["data is missing: the data set is required", "layers is missing: at least one layer"]),
        ("# nothing\n", ["data is missing", "layers is missing"]),
        ("layers = []\n[data]\nname = 'digits'", ["layers are none: at least one layer is required"]),
        ("[[layers]]\n" + LI_LAYER, ["data is missing: the data set is required, [data] with its name"]),
        ("[data]\n[[layers]]\n" + LI_LAYER, ["data.name is missing"]),
        (one_layer(LI_LAYER, top="step = 3"), ["step is an unknown key; known: data, steps, readout"]),
        (one_layer(LI_LAYER + "\nbits = 3"), ["layers[0].bits is an unknown key; known: neuron, size"]),
        (one_layer(LI_LAYER + "\nthreshold = 3"), ["layers[0].threshold is an unknown key; known: neuron"]),
        (
            one_layer(LI_LAYER, "[training]\nepoch = 1"),
            ["training.epoch is an unknown key; known: float_epochs, epochs"],
        ),
        (
            one_layer(LI_LAYER, "[training.augmentation]\nrotation = 1e308\nshift = 1e308"),
            ["training.augmentation.rotation = 1e+308", "training.augmentation.shift = 1e+308"],
        ),
        (
            one_layer(LI_LAYER, "[training.augmentation]\nturn = 1"),
            ["training.augmentation.turn is an unknown key; known: rotation, scale, shift"],
        ),
        (
            one_layer(LI_LAYER, "[training.teacher]\nbatch = 1\nweight = 0.0"),
            ["training.teacher.batch = 1; allowed:", "training.teacher.weight = 0.0; allowed:"],
        ),
        (
            one_layer(LI_LAYER, "[training.teacher]\npool = 99999999999999999999"),
            ["training.teacher.pool = 99999999999999999999; allowed: less than or equal to 16777216"],
        ),
        (
            one_layer(LI_LAYER, "[training.spike_augmentation]\ntime_shift = [0.02, -0.01]"),
            ["training.spike_augmentation.time_shift = (0.02, -0.01); allowed: the smallest first"],
        ),
        (
            one_layer(LI_LAYER, "[training.spike_augmentation]\ntime_shift = 0.1"),
            ["training.spike_augmentation.time_shift = 0.1; allowed: a list of two numbers"],
        ),
        (
            one_layer(LI_LAYER, '[encoder]\nkind = "rate"\nthreshold = 3'),
            ["encoder.threshold is an unknown key; known: kind, maximum, seed"],
        ),
        (
            one_layer(LI_LAYER, '[encoder]\nkind = "morse"'),
            ["encoder has kind = 'morse'; allowed:"],
        ),
        (one_layer(LI_LAYER, "[encoder]\nthreshold = 3"), ["encoder lacks kind"]),
        (one_layer("size = 3"), ["mine.toml: layers[0] lacks neuron"]),
        (one_layer('neuron = "hh"\nsize = 3'), ["layers[0] has neuron = 'hh'; allowed: 'if', 'lif'"]),
        (one_layer('neuron = "li"'), ["layers[0].size is missing"]),
        (one_layer(LI_LAYER, top='readout = "loud"'), ["readout = 'loud'; allowed: 'membrane', 'counts'"]),
        (one_layer(LI_LAYER, top='steps = "8"'), ["steps = '8'; allowed: an integer"]),
        (one_layer(LI_LAYER, top="steps = 8.0"), ["steps = 8.0; allowed: an integer"]),
        (one_layer(LI_LAYER, top="steps = true"), ["steps = True; allowed: an integer"]),
        (one_layer(LI_LAYER, "[training]\nepochs = 0"), ["training.epochs = 0; allowed: greater than or"]),
        (one_layer(LI_LAYER, "[training]\nrate = nan"), ["training.rate = nan; allowed: a finite number"]),
        (one_layer(LI_LAYER, "[training]\ninput_drop = 1"), ["training.input_drop = 1"]),
        (one_layer(LI_LAYER, "[training]\nhidden_drop = 1"), ["training.hidden_drop = 1"]),
        (one_layer(LI_LAYER, "[training]\ngradient_norm = 0"), ["training.gradient_norm = 0"]),
        (
            one_layer(LIF_LAYER + '\nthreshold = "3"'),
            ["layers[0].threshold = '3'; allowed: an integer or a list"],
        ),
        (
            one_layer(LIF_LAYER + "\nthreshold = [1, 2.5]"),
            ["mine.toml: layers[0].threshold[1] = 2.5"],
        ),
        ("layers = 3\n[data]\nname = 'digits'", ["layers = 3; allowed: a list"]),
        ("data = 3\n[[layers]]\n" + LI_LAYER, ["data = 3; allowed: a table"]),
        (
            one_layer('neuron = "li"\nsize = "ten"\nbits = 3', top="steps = 0.5"),
            ["steps = 0.5", "layers[0].size = 'ten'", "layers[0].bits is an unknown key"],
        ),
    ],
)
def test_wrong_keys_and_values_are_all_named(text, messages):
    found = refusal(text, ConfigError)
    assert all(message in found for message in messages), found


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (one_layer('neuron = "li"\nsize = -10'), ["layer 0: size = -10, allowed: 1 to 16777216"]),
        (one_layer(LI_LAYER, top="steps = 0"), ["network: steps = 0, allowed: 1 to 16777216"]),
        (one_layer(LIF_LAYER + "\nleak_shift = 8"), ["layer 0: leak_shift = 8, allowed: 1 to 7"]),
        (one_layer(LIF_LAYER + "\nthreshold = 128"), ["layer 0: threshold = 128, allowed: 0 to 127"]),
        (
            one_layer(LIF_LAYER + "\nthreshold = [1, 2]"),
            ["layer 0: 2 values of threshold"],
        ),
        (one_layer(LI_LAYER + "\nweight_bits = 17"), ["layer 0: weight_bits = 17, allowed: 1 to 16"]),
        (one_layer(LI_LAYER, top='readout = "counts"'), ["network: readout = 'counts' of 'li'"]),
        (
            one_layer(LI_LAYER + "\nleak_shift = 9", "[[layers]]\n" + LIF_LAYER + "\nleak_shift = 0"),
            [
                "3 design rules",
                "layer 0: leak_shift = 9",
                "layer 1: leak_shift = 0",
                "an li is the last",
            ],
        ),
        (
            one_layer(LI_LAYER, '[encoder]\nkind = "latency"\nmaximum = 3\nthreshold = 3'),
            ["encoder: threshold = 3, allowed: 0 to 2"],
        ),
    ],
)
def test_broken_design_rules_are_all_named(text, messages):
    found = refusal(text, DesignRuleError)
    assert all(message in found for message in messages), found


@pytest.mark.parametrize("text", ["steps = ", "[data", "a = 1\na = 2", "\x00", "a = " + "[" * 5000])
def test_what_is_no_toml_is_refused(text):
    assert "is no TOML" in refusal(text, ConfigError)


TABLES_FROM_PYTHON = {
    "a value": (Training, {"rate": -1}, r"Training: rate = -1; allowed: greater than 0$"),
    "a type": (Training, {"epochs": 1.5}, r"Training: epochs = 1\.5; allowed: an integer$"),
    "a key": (
        Training,
        {"foo": 1},
        r"Training: foo is an unknown key; known: float_epochs, epochs, .*teacher$",
    ),
    "two": (Training, {"foo": 1, "batch": 0}, r"Training: batch = 0; allowed: .*; foo is an unknown key"),
    "a table in it": (
        Training,
        {"teacher": {"rat": 1}},
        r"Training: teacher\.rat is .*; known: epochs, batch,",
    ),
    "no epochs": (Training, {"epochs": 0}, r"Training: epochs = 0; allowed: .*, or 0 with float_epochs$"),
    "a teacher": (Teacher, {"weight": 2.0}, r"Teacher: weight = 2\.0; allowed: less than or equal to 1$"),
    "pictures": (Augmentation, {"shift": "1"}, r"Augmentation: shift = '1'; allowed: a number$"),
    "spikes": (SpikeAugmentation, {"time_shift": [1.0]}, r".*time_shift = \(1\.0,\); allowed: a list of two"),
    "stdp": (Competition, {"rule": "competition", "learners": 0}, r"Competition: learners = 0; allowed: "),
    "a recipe": (Recipe, {"steps": 3}, r"Recipe: data is missing: .*; layers is missing"),
}


@pytest.mark.parametrize("name", TABLES_FROM_PYTHON)
def test_tables_that_python_makes_are_checked_in_one_line(name):
    table, keys, message = TABLES_FROM_PYTHON[name]
    with pytest.raises(ConfigError, match=message):
        table(**keys)


def test_tables_that_python_makes_take_lists_as_recipes_do():
    made = Training(learn=["step"], optimizer_options={"betas": [0.5, 0.75]})
    assert made == Training(learn=("step",), optimizer_options={"betas": (0.5, 0.75)})


def test_long_values_are_shortened():
    assert len(refusal(one_layer(LI_LAYER, top=f'steps = "{"x" * 5000}"'))) < 200


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe", r"recipe .*mine\.toml isn't UTF-8 text \(byte 0\)"),
        (b"#" * (2**20 + 1), r"mine\.toml has 1048577 bytes; allowed: 1048576"),
    ],
)
def test_files_that_are_no_text_are_refused(tmp_path, content, message):
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        load_recipe(path)


def test_missing_recipe_names_the_shipped_ones(tmp_path):
    with pytest.raises(ConfigError, match=f"not found; shipped: {', '.join(recipe_names())}; or name"):
        load_recipe("mnits")
    with pytest.raises(ConfigError, match="is a folder; name a file"):
        load_recipe(tmp_path)
    with pytest.raises(ConfigError, match="unknown recipe 'mnits'; shipped: diehl-cook, digits"):
        recipe_text("mnits")
    with pytest.raises(ConfigError, match="not found"):
        load_recipe("a\0b")


def test_recipe_that_is_a_pipe_isnt_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ConfigError, match="is not a regular file"):
        load_recipe(tmp_path / "pipe")
