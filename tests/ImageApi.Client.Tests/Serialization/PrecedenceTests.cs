using ImageApi.Client.Http;

namespace ImageApi.Client.Tests.Serialization;

/// <summary>Which of several words counts, what is said when there is none, and what remains for those who know more than this library.</summary>
public sealed class PrecedenceTests
{
    private static readonly string Png = Convert.ToBase64String(Samples.Png);

    [Fact]
    public void What_is_known_of_a_result_is_not_repeated_among_the_rest()
    {
        var result = Answers.Images(
            """{ "created": 1, "created_at": 2, "data": [ "https://e.x/a" ], "images": [], "usage": 7, "size": "1x1", "quality": "q", "output_format": "png", "background": "b", "request_id": "r", "other": 1 }""");

        Assert.Equal(["other"], result.AdditionalProperties.Keys);
        Assert.Equal((DateTimeOffset.FromUnixTimeSeconds(1), null, "r"), (result.CreatedAt, result.Usage, result.RequestId));
    }

    [Theory]
    [InlineData("""{ "data": [ "https://e.x/a" ] }""", "req_header", null)]
    [InlineData("""{ "data": [ "https://e.x/a" ], "created_at": 2, "request_id": "r" }""", "r", 2)]
    public void A_result_without_an_id_of_its_own_has_the_headers(string json, string requestId, int? created)
    {
        var result = Answers.Images(json);

        Assert.Equal((requestId, created), (result.RequestId, (int?)result.CreatedAt?.ToUnixTimeSeconds()));
    }

    [Theory]
    [InlineData("""{ "job_id": "j", "status": "queued" }""", "Unreadable", "j", null, "The server made a job", "req_header")]
    [InlineData("""{ "id": "j", "state": "failed", "message": "odd" }""", "Unreadable", "j", null, "The server made a job", "req_header")]
    [InlineData("""{ "data": { "task_id": "j", "task_status": "queued" }, "request_id": "r" }""", "Unreadable", "j", null, "The server made a job", "r")]
    [InlineData("""{ "id": "j", "error": { "message": "no", "code": "x" } }""", "ErrorInside", "j", "x", "no", "req_header")]
    [InlineData("""{ "id": "j", "error": { "code": "x" }, "request_id": "r" }""", "ErrorInside", "j", "x", "The server made a job", "r")]
    [InlineData("""{ "error": { "message": "no", "code": "x" } }""", "ErrorInside", null, "x", "no", "req_header")]
    [InlineData("""{ "error": { "message": "no", "code": "x" }, "request_id": "r" }""", "ErrorInside", null, "x", "no", "r")]
    [InlineData("""{ "data": [] }""", "Unreadable", null, null, "The generation succeeded without images.", "req_header")]
    [InlineData("""{ "data": [], "request_id": "r" }""", "Unreadable", null, null, "The generation succeeded without images.", "r")]
    [InlineData("{}", "Unreadable", null, null, "The answer holds no images and no error.", null)]
    [InlineData("[]", "Empty", null, null, "The answer holds no images and no error.", null)]
    [InlineData("null", "Empty", null, null, "The answer holds no images and no error.", null)]
    [InlineData("7", "Unreadable", null, null, "The answer holds no images and no error.", null)]
    public void An_answer_without_images_says_what_it_is(string json, string end, string? jobId, string? code, string message, string? requestId)
    {
        var thrown = Assert.Throws<AnswerException>(() => Answers.Images(json));

        Assert.Equal((end, jobId, code), (thrown.End.ToString(), thrown.JobId, thrown.Error?.Code));
        Assert.StartsWith(message, thrown.Message, StringComparison.Ordinal);
        Assert.Equal(requestId, thrown.RequestId);
    }

    [Fact]
    public void What_is_known_of_a_job_is_not_repeated_among_the_rest()
    {
        var job = Answers.Job(
            """{ "job_id": "j", "task_id": "t", "status": "done", "state": "x", "task_status": "y", "object": "job", "model": "m", "created": 1, "created_at": 2, "progress": "50%", "error": null, "request_id": "r", "other": 1 }""");

        Assert.Equal(["other"], job.AdditionalProperties.Keys);
        Assert.Equal(("j", "done", "m", 1L, 50.0, "r"), (job.Id, job.Status.Value, job.Model, job.CreatedAt!.Value.ToUnixTimeSeconds(), job.Progress!.Value, job.RequestId));
    }

    [Theory]
    [InlineData("""{ "id": "j", "output": { "status": "done" }, "created_at": 2 }""", "done")]
    [InlineData("""{ "status": "done", "data": { "id": "j", "status": "queued" } }""", "queued")]
    [InlineData("""{ "data": { "status": "done" } }""", "done")]
    [InlineData("""{ "state": "done", "data": { "url": "https://e.x/a.png" } }""", "done")]
    public void The_word_of_a_job_is_found(string json, string status) => Assert.Equal(status, Answers.Job(json, askedFor: "j").Status.Value);

    [Theory]
    [InlineData("""{ "id": "other" }""", "j", "Contradictory", "The server was asked for the job j and answered with the job other.")]
    [InlineData("""{ "id": "a", "id": "b" }""", null, "Contradictory", "The answer names different ids for one job: a, b.")]
    [InlineData("{}", null, "Unreadable", "The answer names no job.")]
    [InlineData("[]", null, "Empty", "The answer names no job.")]
    [InlineData("null", null, "Empty", "The answer names no job.")]
    public void An_answer_that_is_not_about_the_job_says_so(string json, string? askedFor, string end, string message)
    {
        var thrown = Assert.Throws<AnswerException>(() => Answers.Job(json, askedFor));

        Assert.Equal((end, message, "req_header"), (thrown.End.ToString(), thrown.Message, thrown.RequestId));
    }

    [Theory]
    [InlineData("{}", "Unreadable")]
    [InlineData("""{ "url": "javascript:steal()" }""", "Unreadable")]
    [InlineData("[]", "Empty")]
    [InlineData("null", "Empty")]
    public void An_upload_without_link_and_id_says_so(string json, string end)
    {
        var thrown = Assert.Throws<AnswerException>(() => Answers.Upload(json));

        Assert.Equal((end, "The answer to the upload holds neither a link nor an id.", "req_header"), (thrown.End.ToString(), thrown.Message, thrown.RequestId));
    }

    [Theory]
    [InlineData("""{ "file": { "x": 1 }, "data": { "id": "f" } }""", "f", null)]
    [InlineData("""{ "url": "https://e.x/ä.png" }""", null, "https://e.x/ä.png")]
    [InlineData("""{ "url": "/f/a.png" }""", null, "https://backend:8000/f/a.png")]
    public void An_upload_is_found_and_its_link_kept_as_written(string json, string? id, string? url)
    {
        var file = Answers.Upload(json);

        Assert.Equal((id, url), (file.Id, file.Url));
    }

    [Theory]
    [InlineData("""{ "b64_json": "PNG", "mime_type": "image/webp" }""", "image/webp")]
    [InlineData("""{ "b64_json": "data:image/gif;base64,PNG", "mime_type": "image/webp" }""", "image/webp")]
    [InlineData("""{ "b64_json": "data:image/gif;base64,PNG" }""", "image/gif")]
    [InlineData("""{ "b64_json": "PNG" }""", "image/png")]
    [InlineData("""{ "url": "https://e.x/a", "b64_json": "PNG" }""", "image/png")]
    [InlineData("""{ "url": "https://e.x/a", "b64_json": "PNG", "content_type": "image/webp" }""", "image/webp")]
    public void The_named_type_goes_before_the_seen_one(string json, string type) =>
        Assert.Equal(type, Assert.Single(Answers.Images($$"""{ "data": [ {{json.Replace("PNG", Png)}} ] }""").Images).MimeType);

    [Theory]
    [InlineData("""{ "b64_json": "PNG" }""", "Image")]
    [InlineData("""{ "b64_json": "PNG", "mime_type": "video/mp4" }""", "Video")]
    [InlineData("""{ "b64_json": "data:audio/mpeg;base64,AAAA" }""", "Audio")]
    [InlineData("""{ "b64_json": "AAAA" }""", "Image")]
    [InlineData("""{ "b64_json": "!!!!", "mime_type": "audio/mpeg" }""", "Audio")]
    [InlineData("""{ "b64_json": "!!!!" }""", "Image")]
    [InlineData("""{ "url": "https://e.x/a.mp4" }""", "Video")]
    [InlineData("""{ "url": "https://e.x/a.mp4", "mime_type": "audio/mpeg" }""", "Audio")]
    public void A_medium_in_a_place_for_any_kind_is_what_its_type_says(string json, string kind) =>
        Assert.Equal(kind, Assert.Single(Answers.Job($$"""{ "id": "j", "status": "done", "output": [ {{json.Replace("PNG", Png)}} ] }""").Output.All).Kind.ToString());

    [Theory]
    [InlineData("""{ "b64_json": "!!!!" }""", "The medium in the answer is not valid base64.")]
    [InlineData("""{ "b64_json": "!!!!", "error": { "message": "no" } }""", "no")]
    [InlineData("""{ "error": { "message": "no" } }""", "no")]
    public void A_medium_that_failed_says_why(string json, string message)
    {
        var failed = Answers.Images($$"""{ "data": [ "https://e.x/a", {{json}} ] }""").Images[1];

        Assert.Equal((message, MediaKind.Image), (failed.Error?.Message, failed.Kind));
    }

    [Fact]
    public void What_is_known_of_a_medium_is_not_repeated_among_the_rest()
    {
        var medium = Assert.Single(Answers.Images(
            """
            { "data": [ { "url": [], "image_url": "https://e.x/a", "video_url": 0, "audio_url": 0, "b64_json": "", "data_base64": "", "mime_type": "image/png", "content_type": "x/y",
              "revised_prompt": "p", "width": 1, "height": 2, "duration": 3, "expires_at": 4, "error": null, "other": 1 } ] }
            """).Images);

        Assert.Equal(["other"], medium.AdditionalProperties.Keys);
        Assert.Equal(("https://e.x/a", "image/png", 1, 2, TimeSpan.FromSeconds(3)), (medium.Url, medium.MimeType, medium.Width, medium.Height, medium.Duration));
    }

    [Theory]
    [InlineData(1000, null)]
    [InlineData(1001, "TooLarge")]
    public void E6_links_in_one_member_are_counted_too(int count, string? end)
    {
        var links = string.Join(',', Enumerable.Range(0, count).Select(static i => $"\"https://e.x/{i}\""));

        var thrown = Record.Exception(() => Answers.Images($$"""{ "data": [ { "url": [ {{links}} ] } ] }"""));

        Assert.Equal(end, (thrown as AnswerException)?.End.ToString());
    }
}
