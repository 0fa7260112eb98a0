from io import BytesIO
from zipfile import ZipFile

from assistant.takeaway.zipped import without_times


def test_an_archive_keeps_its_files_in_order_and_loses_its_times() -> None:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("b", "1")
        archive.writestr("a", "2")
    with ZipFile(BytesIO(without_times(written.getvalue()))) as archive:
        assert [(one.filename, one.date_time[0]) for one in archive.infolist()] == [
            ("b", 1980),
            ("a", 1980),
        ]
        assert archive.read("a") == b"2"
