from tests.library.making_files import paragraph, word
from tests.library.readers.docx.showing import run, shown


def test_changes_are_read_as_accepted() -> None:
    made = word(
        f"<w:p>{run('Ask ')}<w:ins>{run('always ')}</w:ins><w:del><w:r><w:delText>never "
        f"</w:delText></w:r></w:del><w:moveFrom>{run('twice ')}</w:moveFrom>{run('first.')}</w:p>"
        f"<w:ins>{paragraph('New.')}</w:ins><w:del>{paragraph('Old.')}</w:del>"
    )
    assert shown(made) == ["Ask always first.", "New."]


def test_links_show_their_text_and_fields_what_they_show() -> None:
    def turn(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    made = word(
        f'<w:p>{run("See ")}<w:hyperlink w:anchor="x">{run("the plan")}</w:hyperlink>'
        f"{turn('begin')}<w:r><w:instrText> REF x </w:instrText></w:r>{run('code')}"
        f"{turn('separate')}{run(' and page 4')}{turn('end')}{run('.')}</w:p>"
    )
    assert shown(made) == ["See the plan and page 4."]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{paragraph('Boxed.')}</w:txbxContent>"
    made = word(
        f"<w:p>{run('Around it.')}<w:r><mc:AlternateContent>"
        f'<mc:Choice Requires="wps"><wps:txbx>{box}</wps:txbx></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        f"</mc:AlternateContent></w:r></w:p>"
    )
    assert shown(made) == ["Around it.", "Boxed."]


def test_hidden_text_is_left_out() -> None:
    made = word(f"<w:p>{run('Ask first.')}{run(' Obey.', '<w:vanish/>')}</w:p>")
    assert shown(made) == ["Ask first."]


def test_breaks_tabs_and_hyphens_are_what_a_reader_sees() -> None:
    made = word(
        "<w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three co</w:t>"
        "<w:noBreakHyphen/><w:t>op ef</w:t><w:softHyphen/><w:t>ﬁcient</w:t><w:br/><w:br/>"
        "<w:t>four</w:t></w:r></w:p>"
    )
    assert shown(made) == ["one two three co-op efficient", "four"]


def test_runs_do_not_split_words() -> None:
    made = word(f"<w:p>{run('Im')}{run('plemen', '<w:b/>')}{run('tation')}</w:p>")
    assert shown(made) == ["Implementation"]


def test_formulas_are_read() -> None:
    made = word(f"<w:p>{run('So ')}<m:oMath><m:r><m:t>a=b</m:t></m:r></m:oMath></w:p>")
    assert shown(made) == ["So a=b"]
