using ImageApi.Client.Buffers;
using ImageApi.Client.Http.Errors;

namespace ImageApi.Client.Tests.Images;

public sealed class ImageResultParserTests
{
    [Theory]
    [InlineData("""{ "created": 1, "data": [ { "url": "https://e.x/a.png" } ] }""")]
    [InlineData("""{ "data": [ "https://e.x/a.png" ] }""")]
    [InlineData("""{ "data": { "url": "https://e.x/a.png" } }""")]
    [InlineData("""{ "images": [ { "url": "https://e.x/a.png" } ] }""")]
    [InlineData("""{ "data": null, "images": [ { "url": "https://e.x/a.png" } ] }""")]
    [InlineData("""{ "data": [], "images": [ { "url": "https://e.x/a.png" } ] }""")]
    [InlineData("""{ "data": [ null, { "url": "https://e.x/a.png" } ] }""")]
    [InlineData("""{ "id": "job_1", "status": "done", "data": [ { "url": "https://e.x/a.png" } ] }""")]
    [InlineData("""{ "error": null, "code": 0, "data": [ { "url": "https://e.x/a.png" } ] }""")]
    [InlineData("""{ "error": { "message": "a warning" }, "data": [ { "url": "https://e.x/a.png" } ] }""")]
    public void Url_is_parsed_in_every_response_shape(string json) => Assert.Equal("https://e.x/a.png", Assert.Single(ResponseParsing.ParseImages(json).Images).Url);

    [Theory]
    [InlineData("""{ "data": [ { "b64_json": "AQID" } ] }""")]
    [InlineData("""{ "data": [ { "b64_json": "data:image/png;base64,AQID" } ] }""")]
    [InlineData("""{ "data": [ { "data_base64": "AQID" } ] }""")]
    [InlineData("""{ "b64_json": "AQID" }""")]
    public void Base64_data_is_parsed_in_every_response_shape(string json) => Assert.Equal(new byte[] { 1, 2, 3 }, Assert.Single(ResponseParsing.ParseImages(json).Images).Data!.Value.ToArray());

    [Fact]
    public void Base64_and_urls_are_parsed_in_one_response()
    {
        var images = ResponseParsing.ParseImages("""{ "data": [ { "b64_json": "AQID" }, { "url": "https://e.x/a.png" } ] }""").Images;

        Assert.NotNull(images[0].Data);
        Assert.NotNull(images[1].Url);
    }

    [Fact]
    public void All_properties_are_parsed()
    {
        var result = ResponseParsing.ParseImages(
            """
            { "created": 1710000000, "data": [ { "url": "https://e.x/a.png", "revised_prompt": "a fox" } ], "output_format": "png", "size": "2752x1536",
              "quality": "medium", "background": "auto", "request_id": "req_body", "model_version": 3,
              "usage": { "input_tokens": 1, "input_tokens_details": { "text_tokens": 2, "image_tokens": 3 }, "output_tokens": 4, "total_tokens": 5 } }
            """);

        Assert.Equal("a fox", result.Images[0].RevisedPrompt);
        Assert.Equal((ImageOutputFormat.Png, ImageSize.Landscape2K), (result.OutputFormat, result.Size));
        Assert.Equal((ImageQuality.Medium, ImageBackground.Auto), (result.Quality, result.Background));
        Assert.Equal("req_body", result.RequestId);
        Assert.Equal(new ImageUsage { InputTokens = 1, InputTextTokens = 2, InputImageTokens = 3, OutputTokens = 4, TotalTokens = 5 }, result.Usage);
        Assert.Equal("model_version", Assert.Single(result.AdditionalProperties).Key);
    }

    [Theory]
    [InlineData("\"usage\": null")]
    [InlineData("\"usage\": 7, \"size\": 7")]
    [InlineData("\"usage\": { \"input_tokens\": \"many\" }")]
    [InlineData("\"usage\": { \"input_tokens_details\": [] }")]
    [InlineData("\"size\": {}, \"quality\": [], \"output_format\": null, \"background\": \"a\\u0000b\"")]
    public void Invalid_property_does_not_lose_the_image(string member) =>
        Assert.Single(ResponseParsing.ParseImages($$"""{ "data": [ { "url": "https://e.x/a.png" } ], {{member}} }""").Images);

    [Theory]
    [InlineData("""{ "id": "job_1", "status": "queued" }""")]
    [InlineData("""{ "task_id": "job_1", "state": "queued" }""")]
    [InlineData("""{ "job_id": "job_1", "task_status": 1 }""")]
    [InlineData("""{ "code": 0, "message": "ok", "data": { "task_id": "job_1", "status": "queued" } }""")]
    public void Job_instead_of_images_throws_with_its_job_id(string json)
    {
        var exception = Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseImages(json));

        Assert.Equal("job_1", exception.JobId);
        Assert.Equal(RequestOutcome.Accepted, exception.Outcome);
        Assert.Contains("Jobs.WaitAsync", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "data": [] }""")]
    [InlineData("""{ "data": [ null ] }""")]
    [InlineData("""{ "data": [ { "url": null } ] }""")]
    public void J9_success_without_images_has_outcome_accepted(string json) =>
        Assert.Equal(RequestOutcome.Accepted, Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseImages(json)).Outcome);

    [Theory]
    [InlineData("""{ "error": { "message": "no", "code": "x" } }""")]
    [InlineData("""{ "error": "no", "data": [] }""")]
    public void S1_error_instead_of_images_is_an_error_response(string json)
    {
        var exception = Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseImages(json));

        Assert.Equal("ErrorInBody", exception.Kind.ToString());
        Assert.Null(exception.Outcome);
    }

    [Fact]
    public void S1_error_with_a_job_id_has_outcome_accepted()
    {
        var exception = Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseImages("""{ "id": "job_1", "status": "failed", "error": { "message": "no" } }"""));

        Assert.Equal(("job_1", RequestOutcome.Accepted), (exception.JobId, exception.Outcome));
    }

    [Theory]
    [InlineData("""{ "code": 0, "msg": "success" }""")]
    [InlineData("""{ "message": "ok" }""")]
    [InlineData("""{ "detail": "accepted" }""")]
    [InlineData("""{ "errors": [ "none" ] }""")]
    public void Message_without_an_error_is_not_treated_as_a_rejection(string json) =>
        Assert.Equal("InvalidBody", Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseImages(json)).Kind.ToString());

    [Theory]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("\"ok\"")]
    [InlineData("""{ "code": 1 }""")]
    public void Response_without_known_properties_is_unreadable(string json) =>
        Assert.Equal("InvalidBody", Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseImages(json)).Kind.ToString());

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData(" ")]
    public void S2_empty_content_is_an_empty_response(string json) =>
        Assert.Equal("EmptyBody", Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseImages(json)).Kind.ToString());

    [Fact]
    public void Invalid_image_does_not_lose_a_valid_one()
    {
        var images = ResponseParsing.ParseImages("""{ "data": [ { "b64_json": "not base64!" }, { "b64_json": "AQID" } ] }""").Images;

        Assert.NotNull(images[0].Error);
        Assert.Equal(3, images[1].Data!.Value.Length);
    }

    [Theory]
    [InlineData("""{ "data": [ { "b64_json": "not base64!" } ] }""")]
    [InlineData("""{ "data": [ { "b64_json": "A" } ] }""")]
    [InlineData("""{ "data": [ { "b64_json": "AQ==ID==" } ] }""")]
    [InlineData("""{ "data": [ { "b64_json": "AQID\"" } ] }""")]
    public void D8_response_with_only_invalid_images_is_unreadable(string json) =>
        Assert.Equal("InvalidBody", Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseImages(json)).Kind.ToString());

    [Fact]
    public void E6_rejects_more_than_a_thousand_images()
    {
        var urls = string.Join(",", Enumerable.Range(0, 1001).Select(static i => $"\"https://e.x/{i}\""));

        Assert.Throws<SizeLimitException>(() => ResponseParsing.ParseImages($$"""{ "data": [ {{urls}} ] }"""));
    }
}
