using ImageApi.Client.Http;

namespace ImageApi.Client.Tests.Images;

public sealed class ImageResultReaderTests
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
    public void A_link_is_read(string json) => Assert.Equal("https://e.x/a.png", Assert.Single(Answers.Images(json).Images).Url);

    [Theory]
    [InlineData("""{ "data": [ { "b64_json": "AQID" } ] }""")]
    [InlineData("""{ "data": [ { "b64_json": "data:image/png;base64,AQID" } ] }""")]
    [InlineData("""{ "data": [ { "data_base64": "AQID" } ] }""")]
    [InlineData("""{ "b64_json": "AQID" }""")]
    public void Bytes_are_read(string json) => Assert.Equal(new byte[] { 1, 2, 3 }, Assert.Single(Answers.Images(json).Images).Data!.Value.ToArray());

    [Fact]
    public void Bytes_are_read_when_a_link_was_asked_for_and_the_other_way_round()
    {
        var images = Answers.Images("""{ "data": [ { "b64_json": "AQID" }, { "url": "https://e.x/a.png" } ] }""").Images;

        Assert.NotNull(images[0].Data);
        Assert.NotNull(images[1].Url);
    }

    [Fact]
    public void Every_member_is_read()
    {
        var result = Answers.Images(
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
    public void An_unreadable_member_does_not_lose_the_image(string member) =>
        Assert.Single(Answers.Images($$"""{ "data": [ { "url": "https://e.x/a.png" } ], {{member}} }""").Images);

    [Theory]
    [InlineData("""{ "id": "job_1", "status": "queued" }""")]
    [InlineData("""{ "task_id": "job_1", "state": "queued" }""")]
    [InlineData("""{ "job_id": "job_1", "task_status": 1 }""")]
    [InlineData("""{ "code": 0, "message": "ok", "data": { "task_id": "job_1", "status": "queued" } }""")]
    public void A_job_instead_of_images_is_handed_over_with_its_id(string json)
    {
        var thrown = Assert.Throws<AnswerException>(() => Answers.Images(json));

        Assert.Equal("job_1", thrown.JobId);
        Assert.Equal(RequestOutcome.Accepted, thrown.Outcome);
        Assert.Contains("Jobs.WaitAsync", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "data": [] }""")]
    [InlineData("""{ "data": [ null ] }""")]
    [InlineData("""{ "data": [ { "url": null } ] }""")]
    public void J9_a_success_without_images_was_paid_for(string json) =>
        Assert.Equal(RequestOutcome.Accepted, Assert.Throws<AnswerException>(() => Answers.Images(json)).Outcome);

    [Theory]
    [InlineData("""{ "error": { "message": "no", "code": "x" } }""")]
    [InlineData("""{ "error": "no", "data": [] }""")]
    public void S1_an_error_instead_of_images_is_a_refusal(string json)
    {
        var thrown = Assert.Throws<AnswerException>(() => Answers.Images(json));

        Assert.Equal("ErrorInside", thrown.End.ToString());
        Assert.Null(thrown.Outcome);
    }

    [Fact]
    public void S1_an_error_beside_an_id_is_no_refusal()
    {
        var thrown = Assert.Throws<AnswerException>(() => Answers.Images("""{ "id": "job_1", "status": "failed", "error": { "message": "no" } }"""));

        Assert.Equal(("job_1", RequestOutcome.Accepted), (thrown.JobId, thrown.Outcome));
    }

    [Theory]
    [InlineData("""{ "code": 0, "msg": "success" }""")]
    [InlineData("""{ "message": "ok" }""")]
    [InlineData("""{ "detail": "accepted" }""")]
    [InlineData("""{ "errors": [ "none" ] }""")]
    public void A_mere_message_instead_of_images_does_not_prove_that_nothing_was_bought(string json) =>
        Assert.Equal("Unreadable", Assert.Throws<AnswerException>(() => Answers.Images(json)).End.ToString());

    [Theory]
    [InlineData("{}")]
    [InlineData("7")]
    [InlineData("\"ok\"")]
    [InlineData("""{ "code": 1 }""")]
    public void An_answer_that_says_nothing_is_unreadable(string json) =>
        Assert.Equal("Unreadable", Assert.Throws<AnswerException>(() => Answers.Images(json)).End.ToString());

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData(" ")]
    public void S2_no_content_is_no_answer(string json) =>
        Assert.Equal("Empty", Assert.Throws<AnswerException>(() => Answers.Images(json)).End.ToString());

    [Fact]
    public void A_broken_image_does_not_lose_a_good_one()
    {
        var images = Answers.Images("""{ "data": [ { "b64_json": "not base64!" }, { "b64_json": "AQID" } ] }""").Images;

        Assert.NotNull(images[0].Error);
        Assert.Equal(3, images[1].Data!.Value.Length);
    }

    [Theory]
    [InlineData("""{ "data": [ { "b64_json": "not base64!" } ] }""")]
    [InlineData("""{ "data": [ { "b64_json": "A" } ] }""")]
    [InlineData("""{ "data": [ { "b64_json": "AQ==ID==" } ] }""")]
    [InlineData("""{ "data": [ { "b64_json": "AQID\"" } ] }""")]
    public void D8_nothing_but_broken_images_is_unreadable(string json) =>
        Assert.Equal("Unreadable", Assert.Throws<AnswerException>(() => Answers.Images(json)).End.ToString());

    [Fact]
    public void E6_more_than_a_thousand_images_are_too_many()
    {
        var links = string.Join(",", Enumerable.Range(0, 1001).Select(static i => $"\"https://e.x/{i}\""));

        Assert.Equal("TooLarge", Assert.Throws<AnswerException>(() => Answers.Images($$"""{ "data": [ {{links}} ] }""")).End.ToString());
    }
}
