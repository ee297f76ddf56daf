using ImageApi.Client.Http.Errors;

namespace ImageApi.Client.Tests.Files;

public sealed class UploadedFileParserTests
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
    public void Url_is_parsed_in_every_response_shape(string json) => Assert.Equal("https://e.x/a", ResponseParsing.ParseUpload(json).Url);

    [Theory]
    [InlineData("""{ "id": "f" }""")]
    [InlineData("""{ "file_id": "f" }""")]
    [InlineData("""{ "key": "f" }""")]
    [InlineData("""{ "data": { "id": "f" } }""")]
    public void File_id_is_parsed_without_a_url(string json) => Assert.Equal(("f", null), (ResponseParsing.ParseUpload(json).Id, ResponseParsing.ParseUpload(json).Url));

    [Fact]
    public void Numeric_id_is_converted_to_a_string() => Assert.Equal("17", ResponseParsing.ParseUpload("""{ "id": 17 }""").Id);

    [Fact]
    public void All_properties_are_parsed()
    {
        var file = ResponseParsing.ParseUpload(
            """
            { "id": "f", "url": "https://e.x/a", "filename": "a.png", "bytes": 12, "mime_type": "image/png", "kind": "video", "purpose": "mask",
              "created_at": 1710000000, "expires_at": "2024-03-09T16:00:00Z", "request_id": "req_body", "sha256": "x" }
            """);

        Assert.Equal(("f", "a.png", 12, "image/png"), (file.Id, file.FileName, file.SizeInBytes, file.MimeType));
        Assert.Equal((FileKind.Video, new FilePurpose("mask"), "req_body"), (file.Kind, file.Purpose, file.RequestId));
        Assert.Equal(file.CreatedAt, file.ExpiresAt);
        Assert.Equal("sha256", Assert.Single(file.AdditionalProperties).Key);
    }

    [Theory]
    [InlineData("\"file_name\": \"a.png\", \"size\": 12, \"content_type\": \"image/png\"")]
    [InlineData("\"name\": \"a.png\", \"size\": \"12\", \"mime_type\": \"image/png\"")]
    public void Alternative_property_names_are_parsed(string members)
    {
        var file = ResponseParsing.ParseUpload($$"""{ "id": "f", {{members}} }""");

        Assert.Equal(("a.png", 12, "image/png"), (file.FileName, file.SizeInBytes, file.MimeType));
    }

    [Fact]
    public void Missing_properties_default_to_the_request_values()
    {
        var file = ResponseParsing.ParseUpload("""{ "id": "f" }""");

        Assert.Equal((FileKind.Image, FilePurpose.Reference, "req_header"), (file.Kind, file.Purpose, file.RequestId));
    }

    [Fact]
    public void Relative_url_is_resolved_against_the_base_address() => Assert.Equal("https://backend:8000/f/a", ResponseParsing.ParseUpload("""{ "url": "/f/a" }""").Url);

    [Theory]
    [InlineData("""{ "id": "f", "url": "file:///etc/passwd" }""")]
    [InlineData("""{ "id": "f", "url": "javascript:1" }""")]
    public void Url_with_an_unsupported_scheme_is_ignored(string json) => Assert.Null(ResponseParsing.ParseUpload(json).Url);

    [Fact]
    public void ToReference_returns_the_url() =>
        Assert.Equal("https://e.x/a", ResponseParsing.ParseUpload("""{ "url": "https://e.x/a" }""").ToReference().Url);

    [Fact]
    public void ToReference_without_a_url_throws_with_the_file_id() =>
        Assert.Contains("(f)", Assert.Throws<InvalidOperationException>(() => ResponseParsing.ParseUpload("""{ "id": "f" }""").ToReference()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "request_id": "r" }""")]
    [InlineData("""{ "data": [ { "url": "https://e.x/a" } ] }""")]
    [InlineData("7")]
    public void Response_without_url_and_id_is_unreadable(string json) =>
        Assert.Equal("InvalidBody", Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseUpload(json)).Kind.ToString());

    [Fact]
    public void S1_error_instead_of_a_file_throws_with_its_message() =>
        Assert.Equal("no", Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseUpload("""{ "error": { "message": "no" } }""")).Error!.Message);
}
