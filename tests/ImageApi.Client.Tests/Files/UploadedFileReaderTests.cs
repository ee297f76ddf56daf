using ImageApi.Client.Http;

namespace ImageApi.Client.Tests.Files;

public sealed class UploadedFileReaderTests
{
    [Theory]
    [InlineData("""{ "url": "https://e.x/a" }""")]
    [InlineData("""{ "file_url": "https://e.x/a" }""")]
    [InlineData("""{ "public_url": "https://e.x/a" }""")]
    [InlineData("""{ "download_url": "https://e.x/a" }""")]
    [InlineData("""{ "uri": "https://e.x/a" }""")]
    [InlineData("""{ "url": null, "file_url": "https://e.x/a" }""")]
    [InlineData("""{ "data": { "url": "https://e.x/a" } }""")]
    [InlineData("""{ "file": { "url": "https://e.x/a" } }""")]
    [InlineData("""{ "result": { "url": "https://e.x/a" } }""")]
    [InlineData("""{ "code": 0, "message": "ok", "data": { "file_url": "https://e.x/a" } }""")]
    [InlineData("""{ "id": "answer_1", "data": { "url": "https://e.x/a" } }""")]
    public void The_link_is_found(string json) => Assert.Equal("https://e.x/a", Answers.Upload(json).Url);

    [Theory]
    [InlineData("""{ "id": "f" }""")]
    [InlineData("""{ "file_id": "f" }""")]
    [InlineData("""{ "key": "f" }""")]
    [InlineData("""{ "data": { "id": "f" } }""")]
    public void Without_a_link_the_id_is_kept(string json) => Assert.Equal(("f", null), (Answers.Upload(json).Id, Answers.Upload(json).Url));

    [Fact]
    public void A_number_as_id_becomes_its_text() => Assert.Equal("17", Answers.Upload("""{ "id": 17 }""").Id);

    [Fact]
    public void Every_member_is_read()
    {
        var file = Answers.Upload(
            """
            { "id": "f", "url": "https://e.x/a", "filename": "a.png", "bytes": 12, "mime_type": "image/png", "kind": "video", "purpose": "mask",
              "created_at": 1710000000, "expires_at": "2024-03-09T16:00:00Z", "request_id": "req_body", "sha256": "x" }
            """);

        Assert.Equal(("f", "a.png", 12, "image/png"), (file.Id, file.FileName, file.Bytes, file.MimeType));
        Assert.Equal((FileKind.Video, new FilePurpose("mask"), "req_body"), (file.Kind, file.Purpose, file.RequestId));
        Assert.Equal(file.CreatedAt, file.ExpiresAt);
        Assert.Equal("sha256", Assert.Single(file.AdditionalProperties).Key);
    }

    [Theory]
    [InlineData("\"file_name\": \"a.png\", \"size\": 12, \"content_type\": \"image/png\"")]
    [InlineData("\"name\": \"a.png\", \"size\": \"12\", \"mime_type\": \"image/png\"")]
    public void Members_may_have_their_other_names(string members)
    {
        var file = Answers.Upload($$"""{ "id": "f", {{members}} }""");

        Assert.Equal(("a.png", 12, "image/png"), (file.FileName, file.Bytes, file.MimeType));
    }

    [Fact]
    public void What_the_answer_does_not_tell_is_what_was_sent()
    {
        var file = Answers.Upload("""{ "id": "f" }""");

        Assert.Equal((FileKind.Image, FilePurpose.Reference, "req_header"), (file.Kind, file.Purpose, file.RequestId));
    }

    [Fact]
    public void A_relative_link_is_resolved() => Assert.Equal("https://backend:8000/f/a", Answers.Upload("""{ "url": "/f/a" }""").Url);

    [Theory]
    [InlineData("""{ "id": "f", "url": "file:///etc/passwd" }""")]
    [InlineData("""{ "id": "f", "url": "javascript:1" }""")]
    public void A_link_of_another_scheme_is_none(string json) => Assert.Null(Answers.Upload(json).Url);

    [Fact]
    public void A_link_becomes_a_reference() =>
        Assert.Equal("https://e.x/a", Answers.Upload("""{ "url": "https://e.x/a" }""").ToReference().Url);

    [Fact]
    public void An_id_without_a_link_cannot_become_a_reference() =>
        Assert.Contains("(f)", Assert.Throws<InvalidOperationException>(() => Answers.Upload("""{ "id": "f" }""").ToReference()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "request_id": "r" }""")]
    [InlineData("""{ "data": [ { "url": "https://e.x/a" } ] }""")]
    [InlineData("7")]
    public void Neither_link_nor_id_is_unreadable(string json) =>
        Assert.Equal("Unreadable", Assert.Throws<AnswerException>(() => Answers.Upload(json)).End.ToString());

    [Fact]
    public void S1_an_error_instead_of_a_file_is_an_error() =>
        Assert.Equal("no", Assert.Throws<AnswerException>(() => Answers.Upload("""{ "error": { "message": "no" } }""")).Error!.Message);
}
