"""A result opens in h5py and xarray (engines h5netcdf and netcdf4) with named axes and the same values, and its content
hash can be recomputed from the rule alone (results/store_hash.c). TAP on stdout."""
import hashlib
import os
import subprocess
import sys
import tempfile

import h5py
import numpy
import xarray

LEVELS = ["system", "organisation", "region", "england"]
count = failed = 0


def check(fine, what):
    global count, failed
    count += 1
    failed += not fine
    print(f"{'ok' if fine else 'not ok'} {count} - {what}", flush=True)


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def value_bytes(value):
    """Numbers as stored, texts as UTF-8 each followed by NUL."""
    if isinstance(value, (str, bytes)):
        return text(value).encode() + b"\0"
    array = numpy.asarray(value)
    if array.dtype.kind in "OSU":
        return b"".join(text(v).encode() + b"\0" for v in array.ravel())
    return array.tobytes()


def dataset_bytes(data):
    if not data.name.endswith("_sample"):
        return value_bytes(data[()])
    paths = range(0, data.shape[-1], 1024)
    return b"".join(numpy.ascontiguousarray(data[..., p:p + 1024]).tobytes() for p in paths)


def content_hash(file):
    """The rule of results/store_hash.c, written a second time."""
    left_out = {"CLASS", "NAME", "DIMENSION_LIST", "REFERENCE_LIST", "content_hash"}
    names = []
    file.visit(names.append)
    names = [n for n in names if n != "provenance" and not n.startswith("provenance/")]
    # A scale's name by its address: asking h5py for it walks the file each time.
    last_part = {h5py.h5o.get_info(file[n].id).addr: n.rsplit("/", 1)[-1] for n in names}
    digest = hashlib.sha256()
    for name in ["/"] + sorted(("/" + n for n in names), key=lambda n: n.encode()):
        item = file[name]
        digest.update(name.encode() + b"\0")
        for attribute in sorted(set(item.attrs) - left_out, key=str.encode):
            digest.update(b"@" + attribute.encode() + b"\0" + value_bytes(item.attrs[attribute]))
        if isinstance(item, h5py.Dataset):
            for axis, size in enumerate(item.shape):
                if h5py.h5ds.is_scale(item.id):
                    label = name.rsplit("/", 1)[1]
                else:
                    label = last_part[h5py.h5o.get_info(file[item.attrs["DIMENSION_LIST"][axis][0]].id).addr]
                digest.update(f"{label}={size},".encode())
            digest.update(b"\0" + hashlib.sha256(dataset_bytes(item)).digest())
    return digest.hexdigest()


def check_h5py(path):
    with h5py.File(path, "r") as file:
        check(file.attrs["format"] == "ltpsim-result" and file.attrs["format_version"] == 1, "h5py: format")
        check(int(file.attrs["paths"]) == 24 * 1024 and int(file.attrs["seed"]) == 7, "h5py: seed and paths")
        check(content_hash(file) == text(file.attrs["content_hash"]), "h5py: content hash recomputed from its rule")
        unnamed, bare = [], []

        def visit(name, item):
            if not isinstance(item, h5py.Dataset) or h5py.h5ds.is_scale(item.id):
                return
            if not all(len(d) == 1 for d in item.dims):
                unnamed.append(name)
            if "long_name" not in item.attrs or (item.dtype.kind != "O" and "units" not in item.attrs):
                bare.append(name)

        file.visititems(visit)
        check(not unnamed, f"h5py: every axis of every variable has its scale {unnamed[:3]}")
        check(not bare, f"h5py: every variable has units and long_name {bare[:3]}")
        check([text(n) for n in file["organisation/name"][()]][1] == "Trust Étranger", "h5py: UTF-8 names")
        check(bytes(file["input/scenario.yaml"][()]) == b"base_year: 2018/19\n", "h5py: input as it was read")
        sample, mean = file["system/gap_sample"], file["system/gap_mean"][()]
        check(sample.chunks == (3, 1, 1, 1024) and sample.dtype == "<f4" and sample.fletcher32, "h5py: samples' chunks")
        off = numpy.abs(sample[()].astype(float).mean(axis=-1) - mean).max()
        check(off < 1e-5, f"h5py: mean of the kept paths is the mean ({off:.1e})")
        values = numpy.sort(sample[2, 0, 1, :].astype(float))
        exact = numpy.quantile(values, file["system/quantile"][()])
        off = numpy.abs(file["system/gap_quantile"][2, :, 0, 1] - exact) / values.std()
        check(off.max() < 0.03, f"h5py: quantiles of the kept paths ({off.max():.1e} sd)")
        hits = (values <= 0).mean()
        check(file["system/gap_probability"][2, 0, 1] == hits, "h5py: probability of the kept paths, exactly")
        edges = (file["system/gap_centre"][2, 0, 1] + file["system/gap_width"][2, 0, 1] * file["system/edge"][()])
        below = numpy.searchsorted(values, edges.astype(numpy.float32))
        off = numpy.abs(below - file["system/gap_cumulative"][2, 0, 1, :].astype(float)).max()
        check(off <= 2, f"h5py: cumulative counts of the kept paths (float32 ties: {off:.0f})")
        weights = file["system/batch_paths"][()]
        batch = numpy.nan_to_num(file["system/gap_batch_mean"][()])
        again = numpy.tensordot(weights, batch, axes=1) / weights.sum()
        check(numpy.abs(again - mean).max() < 1e-11, "h5py: batch means weighted by batch_paths give the mean")
        check(numpy.isnan(file["system/gap_commissioner_mean"][:, 2, :]).all(), "h5py: missing is NaN")
        check({"scheme", "programme", "floor", "plan_line"} <= set(file) and "edge" not in file["scheme"],
              "h5py: rolls have groups of their own, with the scales that they use")
        absent = [n for level in LEVELS for n in file[level] if n.startswith(("loan", "support", "staff_supply"))]
        check("trajectory_margin_mean" in file["system"] and not absent, f"h5py: what nobody has is not there {absent[:3]}")
        binds = file["floor/floor_added_probability"][()]
        check((binds[:, 0] == 0.5).all() and (binds[:, 1] == 1).all(), "h5py: a floor binds in half the paths, the cap in all")
        opened = file["scheme/scheme_complete_probability"][()]
        check((opened[:, :, 0] == 0).all() and (opened[:, :, 1] == 0.5).all(), "h5py: schemes complete, by year")
        every, years = (file[f"system/trajectory_met_every{s}_probability"][()] for s in ("", "_year"))
        check((every[..., 0] == years[..., 0]).all() and (years[..., 1] <= every[..., 1]).all()
              and (years[..., 1] < every[..., 1]).any(),
              "h5py: every organisation in every year is rarer than in the year")
        check(file["programme/programme_delivered_mean"].shape == (1, 2), "h5py: programmes without layers")
        check(file["provenance"].attrs["program"].decode().rstrip("\0") == "ltpsim test", "h5py: provenance")


def check_organisations(data, engine):
    check(data["name"].sel(code="T4").item() == "Ysbyty Ŵyn", f"{engine}: UTF-8 by code")
    check(data["service_unit"].sel(service="elective").item() == "spell", f"{engine}: unit of a service")
    check(data["staff_required_mean"].dims == ("layer", "code", "group", "year") and
          data["group_name"].sel(group="medical").item() == "Doctors", f"{engine}: staff groups")
    check(data["capital_need_mean"].dims == ("layer", "code", "need", "year"), f"{engine}: capital needs")


def check_systems(data, file, engine):
    p90 = data["gap_quantile"].sel(layer="plan", quantile=0.9, code="S1", year="2020/21").item()
    check(p90 == file["system/gap_quantile"][2, 6, 0, 1], f"{engine}: one number by its labels")
    edge = data["gap_centre"] + data["gap_width"] * data["edge"]
    check(edge.dims == ("layer", "code", "year", "edge"), f"{engine}: edges by name")
    check("gap_bridge_mean" in data and data["gap_bridge_mean"].dims == ("code", "line", "year"),
          f"{engine}: bridge without layers")


# Each group is opened once by each engine: h5netcdf looks every axis up by walking the file.
def check_xarray(path, engine):
    with h5py.File(path, "r") as file:
        for level in LEVELS:
            with xarray.open_dataset(path, group=level, engine=engine) as data:
                check(data["gap_quantile"].dims == ("layer", "quantile", "code", "year"), f"{engine} {level}: dims")
                check(data["use_of_resources_mean"].dims == ("layer", "code", "service", "year"),
                      f"{engine} {level}: service axis")
                check(list(data["year"].values) == ["2019/20", "2020/21"], f"{engine} {level}: years are text")
                check(list(data["layer"].values) == ["do_nothing", "test_2", "plan"], f"{engine} {level}: layers")
                check("name" in data.coords and data["name"].dims == ("code",), f"{engine} {level}: name is a coordinate")
                check(data["gap_mean"].attrs["units"] == "£m" and data["gap_mean"].dtype == float,
                      f"{engine} {level}: money stays a number in £m")
                wrong = [v for v in data.variables if v in file[level] and data[v].dtype.kind in "fiu" and not
                         numpy.array_equal(data[v].values, file[level][v][()], equal_nan=data[v].dtype.kind == "f")]
                check(not wrong, f"{engine} {level}: {len(data.variables)} variables as in h5py {wrong[:3]}")
                if level == "organisation":
                    check_organisations(data, engine)
                if level == "system":
                    check_systems(data, file, engine)
        with xarray.open_dataset(path, group="plan_line", engine=engine) as data:
            check(data["plan_margin_mean"].dims == ("code", "year") and data["plan_margin_mean"].attrs["units"] == "unit"
                  and data["unit"].sel(code="T1.staff").item() == "fte", f"{engine}: plan lines, each with its unit")
        with xarray.open_dataset(path, group="baseline", engine=engine) as data:
            check(data["opening"].sel(code="T4").item() == 3 and numpy.isnan(data["opening"].sel(code="LA").item()),
                  f"{engine}: baseline")
        for group in ["input", "input/compiled"]:
            with xarray.open_dataset(path, group=group, engine=engine) as data:
                check(len(data.variables) > 0, f"{engine}: group {group} opens")


def main():
    binary = os.path.join(os.environ.get("LTP_BUILD", "build"), "tests/unit/test_store")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "result.h5")
        subprocess.run([binary, "--write", path, "7", "24"], check=True)
        check_h5py(path)
        for engine in ["h5netcdf", "netcdf4"]:
            check_xarray(path, engine)
        dump = subprocess.run(["h5dump", "-H", path], capture_output=True)
        check(dump.returncode == 0, "h5dump reads it")
        # Negative control: another value in one place has another hash.
        with h5py.File(path, "r+") as file:
            file["system/gap_mean"][0, 0, 0] += 1
        with h5py.File(path, "r") as file:
            check(content_hash(file) != text(file.attrs["content_hash"]), "a changed value is seen in the hash")
    print(f"1..{count}")
    return failed > 0


sys.exit(main())
