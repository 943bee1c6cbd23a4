"""Every row that the benchmarks offer is there to be measured."""

from __future__ import annotations

import importlib

import pytest

from benchmarks.__main__ import ROWS


@pytest.mark.parametrize("module", ROWS.values())
def test_a_row_can_be_measured(module: str) -> None:
    assert callable(importlib.import_module(f"benchmarks.{module}").measure)
