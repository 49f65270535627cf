"""The pickle instructions, carried out on our own values; callables are names and stay so.

Follows `pickletools`' description of protocols 0 to 5. Every instruction adds at most one value, whatever multiplies
by sharing is counted in `pickle_values.Expansion`, and copies are paid for here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from inspector.archive import pickle_numpy
from inspector.archive.damage import DamageError, shown
from inspector.archive.opaque import Opaque, PickleLimits
from inspector.archive.pickle_calls import CALLS, MOST_ARGUMENTS, as_pairs, cost
from inspector.archive.pickle_instructions import instructions
from inspector.archive.pickle_values import ByteText, Collection, Mapping, Named, Shell
from inspector.errors import PickledMemberError

UNFINISHED = "<more than was looked at>"
_SCAN_FACTOR = 4
_WORK = 2


class Machine:
    """Runs one pickle to its end.

    Attributes
    ----------
    imports
        Every name that unpickling would have imported so far.
    unreadable
        Whether an instruction was met that could not be read, so that nothing is known of those behind it.
    """

    def __init__(self, data: bytes, limits: PickleLimits) -> None:
        if len(data) > limits.size:
            raise PickledMemberError(f"holds a pickle of {len(data):,} bytes; at most {limits.size:,} are decoded")
        self.imports: set[str] = set()
        self.unreadable = False
        self._instructions = self._watched(instructions(data))
        self._limits = limits
        self._stack: list[object] = []
        self._marks: list[int] = []
        self._memo: dict[int, object] = {}
        self._paid = 0
        self._current: tuple[str, object] | None = None

    def run(self) -> object:
        """The value on top when the pickle stops; PickledMemberError if it is damaged or exceeds a limit."""
        try:
            for count, instruction in enumerate(self._instructions):
                self._current = name, arg = instruction
                if count >= self._limits.opcodes:
                    raise PickledMemberError(f"holds a pickle of more than {self._limits.opcodes:,} instructions")
                if name == "STOP":
                    return self._pop()
                self._step(name, arg)
        except DamageError as damage:
            raise PickledMemberError(f"is damaged: its pickle {damage}") from damage
        except (TypeError, ValueError, LookupError, OverflowError) as error:
            # numpy's own refusals (fields that overlap, sizes beyond C's) have many types.
            raise PickledMemberError(f"is damaged: its pickle cannot be understood: {error}") from error
        raise PickledMemberError("is damaged: its pickle has no end")

    def rest(self) -> Iterator[tuple[str, object]]:
        """The instructions that `run` has not got past."""
        if self._current is not None:
            yield self._current
        yield from self._instructions

    def last_texts(self) -> list[str]:
        """What a name would be made of, if the next instruction made one."""
        return [value for value in self._stack[-2:] if isinstance(value, str)]

    def _watched(self, source: Iterator[tuple[str, object]]) -> Iterator[tuple[str, object]]:
        try:
            yield from source
        except DamageError:
            self.unreadable = True
            raise

    def _step(self, name: str, arg: object) -> None:
        if name in _CONSTANTS:
            self._stack.append(arg)
        elif name in _BYTE_TEXTS:
            self._stack.append(ByteText(arg))
        elif name in _IGNORED:
            return
        elif (act := _ACTIONS.get(name)) is not None:
            act(self, arg)
        else:
            raise PickledMemberError(f"is damaged: its pickle has the unknown instruction {name}")

    def _pop(self) -> object:
        if len(self._stack) <= (self._marks[-1] if self._marks else 0):
            raise PickledMemberError("is damaged: its pickle takes a value that is not there")
        return self._stack.pop()

    def _top(self) -> object:
        value = self._pop()
        self._stack.append(value)
        return value

    def _to_mark(self) -> list[object]:
        if not self._marks:
            raise PickledMemberError("is damaged: its pickle goes back to a mark that is not there")
        mark = self._marks.pop()
        values = self._stack[mark:]
        del self._stack[mark:]
        return values

    def _tuple(self, length: int) -> None:
        values = [self._pop() for _ in range(length)]
        self._stack.append(tuple(reversed(values)))

    def _mark(self, _: object) -> None:
        self._marks.append(len(self._stack))

    def _duplicate(self, _: object) -> None:
        self._stack.append(self._top())

    def _drop(self, _: object) -> None:
        if self._marks and self._marks[-1] == len(self._stack):
            self._marks.pop()
        else:
            self._pop()

    def _get(self, index: object) -> None:
        if not isinstance(index, int) or index not in self._memo:
            raise PickledMemberError(f"is damaged: its pickle uses value {index} before there is one")
        self._stack.append(self._memo[index])

    def _put(self, index: object) -> None:
        if isinstance(index, int):
            self._memo[index] = self._top()

    def _memoize(self, _: object) -> None:
        self._memo[len(self._memo)] = self._top()

    def _append(self, values: list[object]) -> None:
        target = self._top()
        if isinstance(target, list):
            target.extend(values)
        elif not isinstance(target, Opaque):
            raise PickledMemberError("is damaged: its pickle appends to what is no list")

    def _add(self, values: list[object]) -> None:
        target = self._top()
        if isinstance(target, Collection):
            target.items.extend(values)
        elif not isinstance(target, Opaque):
            raise PickledMemberError("is damaged: its pickle adds to what is no set")

    def _set_items(self, values: list[object]) -> None:
        target = self._top()
        if isinstance(target, Mapping):
            target.pairs.extend(as_pairs(values))
        elif not isinstance(target, Opaque):
            raise PickledMemberError("is damaged: its pickle sets items of what is no dict")

    def _name(self, module: object, name: object) -> Named | Opaque:
        if not isinstance(module, str) or not isinstance(name, str):
            self.imports.add("<a computed name>")
            return Opaque("<a computed name>")
        named = Named(shown(module, 120), shown(name, 120))
        self.imports.add(named.full)
        return named

    def _global(self, arg: object) -> None:
        module, _, name = str(arg).partition(" ")
        self._stack.append(self._name(module, name))

    def _stack_global(self, _: object) -> None:
        name, module = self._pop(), self._pop()
        self._stack.append(self._name(module, name))

    def _extension(self, code: object) -> None:
        full = f"<copyreg extension {code}>"
        self.imports.add(full)
        self._stack.append(Opaque(full))

    def _persistent(self, _: object) -> None:
        self._stack.append(Opaque("<persistent object>"))

    def _persistent_popped(self, _: object) -> None:
        self._pop()
        self._persistent(None)

    def _call(self, function: object, args: object) -> None:
        if not isinstance(args, tuple):
            raise PickledMemberError("is damaged: its pickle calls without a tuple of arguments")
        if not isinstance(function, Named):
            self._stack.append(function if isinstance(function, Opaque) else Opaque("<a computed call>"))
            return
        module = _MODULES.get(function.module, function.module)
        call = CALLS.get((module, function.name))
        if call is None or len(args) > MOST_ARGUMENTS:
            self._stack.append(Opaque(function.full))
            return
        self._pay(cost(args))
        self._stack.append(call(args))

    def _pay(self, amount: int) -> None:
        # One value can be used in every instruction: what is done with it must not multiply.
        self._paid += amount
        if self._paid > _WORK * self._limits.payload:
            raise PickledMemberError("holds a pickle that is too costly to decode")

    def _reduce(self, _: object) -> None:
        args, function = self._pop(), self._pop()
        self._call(function, args)

    def _new(self, _: object) -> None:
        self._reduce(None)

    def _new_with_names(self, _: object) -> None:
        names = self._pop()
        args, function = self._pop(), self._pop()
        if isinstance(names, Mapping) and names.pairs and isinstance(function, Named):
            function = Opaque(function.full)
        self._call(function, args)

    def _instance(self, arg: object) -> None:
        args = tuple(self._to_mark())
        module, _, name = str(arg).partition(" ")
        self._call(self._name(module, name), args)

    def _object(self, _: object) -> None:
        function, *args = self._to_mark() or [None]
        self._call(function, tuple(args))

    def _build(self, _: object) -> None:
        state, target = self._pop(), self._top()
        if isinstance(state, tuple) and len(state) <= MOST_ARGUMENTS:
            self._pay(cost(state))
        if isinstance(target, Shell):
            pickle_numpy.build_array(target, state)
        elif isinstance(target, pickle_numpy.DtypeShell):
            target.build(state)


def imports(data: bytes, limits: PickleLimits) -> tuple[str, ...]:
    """See `pickles.pickle_imports`."""
    try:
        machine = Machine(data[: limits.size], limits)
        machine.run()
        return tuple(sorted(machine.imports))
    except PickledMemberError:
        # Unpickling may go on where we stopped: from here on names are only looked for.
        found = machine.imports
    texts = machine.last_texts()
    try:
        for count, (name, arg) in enumerate(machine.rest()):
            if name == "STOP":
                break
            if count > limits.opcodes * _SCAN_FACTOR:
                found.add(UNFINISHED)
                break
            if name in ("GLOBAL", "INST"):
                found.add(shown(str(arg).replace(" ", ".", 1)))
            elif name == "STACK_GLOBAL":
                # Only likely: the texts can also come from elsewhere.
                found |= {shown(".".join(texts)), UNFINISHED}
            elif isinstance(arg, str):
                texts = [*texts[-1:], arg]
    except DamageError:
        pass
    if machine.unreadable or len(data) > limits.size:
        found.add(UNFINISHED)
    return tuple(sorted(found))


_MODULES = {
    "__builtin__": "builtins",
    "copy_reg": "copyreg",
    "numpy._core.multiarray": "numpy.core.multiarray",
    "numpy._core.numeric": "numpy.core.numeric",
}
_CONSTANTS = frozenset(
    "INT BININT BININT1 BININT2 LONG LONG1 LONG4 FLOAT BINFLOAT UNICODE SHORT_BINUNICODE "
    "BINUNICODE BINUNICODE8 BINBYTES SHORT_BINBYTES BINBYTES8 BYTEARRAY8".split()
)
_BYTE_TEXTS = frozenset({"STRING", "BINSTRING", "SHORT_BINSTRING"})
_IGNORED = frozenset({"PROTO", "FRAME", "READONLY_BUFFER"})
_ACTIONS: dict[str, Callable[[Machine, object], None]] = {
    "NONE": lambda m, _: m._stack.append(None),
    "NEWTRUE": lambda m, _: m._stack.append(True),
    "NEWFALSE": lambda m, _: m._stack.append(False),
    "MARK": Machine._mark,
    "POP": Machine._drop,
    "POP_MARK": lambda m, _: m._to_mark().clear(),
    "DUP": Machine._duplicate,
    "EMPTY_LIST": lambda m, _: m._stack.append([]),
    "EMPTY_TUPLE": lambda m, _: m._stack.append(()),
    "EMPTY_DICT": lambda m, _: m._stack.append(Mapping()),
    "EMPTY_SET": lambda m, _: m._stack.append(Collection([])),
    "LIST": lambda m, _: m._stack.append(m._to_mark()),
    "TUPLE": lambda m, _: m._stack.append(tuple(m._to_mark())),
    "TUPLE1": lambda m, _: m._tuple(1),
    "TUPLE2": lambda m, _: m._tuple(2),
    "TUPLE3": lambda m, _: m._tuple(3),
    "DICT": lambda m, _: m._stack.append(Mapping(as_pairs(m._to_mark()))),
    "FROZENSET": lambda m, _: m._stack.append(Collection(m._to_mark(), frozen=True)),
    "APPEND": lambda m, _: m._append([m._pop()]),
    "APPENDS": lambda m, _: m._append(m._to_mark()),
    "ADDITEMS": lambda m, _: m._add(m._to_mark()),
    "SETITEM": lambda m, _: m._set_items([m._pop(), m._pop()][::-1]),
    "SETITEMS": lambda m, _: m._set_items(m._to_mark()),
    "GET": Machine._get,
    "BINGET": Machine._get,
    "LONG_BINGET": Machine._get,
    "PUT": Machine._put,
    "BINPUT": Machine._put,
    "LONG_BINPUT": Machine._put,
    "MEMOIZE": Machine._memoize,
    "GLOBAL": Machine._global,
    "STACK_GLOBAL": Machine._stack_global,
    "EXT1": Machine._extension,
    "EXT2": Machine._extension,
    "EXT4": Machine._extension,
    "PERSID": Machine._persistent,
    "BINPERSID": Machine._persistent_popped,
    "NEXT_BUFFER": Machine._persistent,
    "REDUCE": Machine._reduce,
    "NEWOBJ": Machine._new,
    "NEWOBJ_EX": Machine._new_with_names,
    "INST": Machine._instance,
    "OBJ": Machine._object,
    "BUILD": Machine._build,
}
