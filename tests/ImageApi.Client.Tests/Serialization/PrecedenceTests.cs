using ImageApi.Client.Http.Errors;

namespace ImageApi.Client.Tests.Serialization;

/// <summary>Which of several words counts, what is said when there is none, and what remains for those who know more than this library.</summary>
public sealed class PrecedenceTests
{
    private static readonly string PngBase64 = Convert.ToBase64String(SampleFiles.Png);

    [Fact]
    public void Known_result_members_are_not_in_AdditionalProperties()
    {
        var result = ResponseParsing.ParseImages(
            """{ "created": 1, "created_at": 2, "data": [ "https://e.x/a" ], "images": [], "usage": 7, "size": "1x1", "quality": "q", "output_format": "png", "background": "b", "request_id": "r", "other": 1 }""");

        Assert.Equal(["other"], result.AdditionalProperties.Keys);
        Assert.Equal((DateTimeOffset.FromUnixTimeSeconds(1), null, "r"), (result.CreatedAt, result.Usage, result.RequestId));
    }

    [Theory]
    [InlineData("""{ "data": [ "https://e.x/a" ] }""", "req_header", null)]
    [InlineData("""{ "data": [ "https://e.x/a" ], "created_at": 2, "request_id": "r" }""", "r", 2)]
    public void Result_without_a_request_id_uses_the_response_header(string json, string requestId, int? created)
    {
        var result = ResponseParsing.ParseImages(json);

        Assert.Equal((requestId, created), (result.RequestId, (int?)result.CreatedAt?.ToUnixTimeSeconds()));
    }

    [Theory]
    [InlineData("""{ "job_id": "j", "status": "queued" }""", "InvalidBody", "j", null, "The server made a job", "req_header")]
    [InlineData("""{ "id": "j", "state": "failed", "message": "odd" }""", "InvalidBody", "j", null, "The server made a job", "req_header")]
    [InlineData("""{ "data": { "task_id": "j", "task_status": "queued" }, "request_id": "r" }""", "InvalidBody", "j", null, "The server made a job", "r")]
    [InlineData("""{ "id": "j", "error": { "message": "no", "code": "x" } }""", "ErrorInBody", "j", "x", "no", "req_header")]
    [InlineData("""{ "id": "j", "error": { "code": "x" }, "request_id": "r" }""", "ErrorInBody", "j", "x", "The server made a job", "r")]
    [InlineData("""{ "error": { "message": "no", "code": "x" } }""", "ErrorInBody", null, "x", "no", "req_header")]
    [InlineData("""{ "error": { "message": "no", "code": "x" }, "request_id": "r" }""", "ErrorInBody", null, "x", "no", "r")]
    [InlineData("""{ "data": [] }""", "InvalidBody", null, null, "The generation succeeded without images.", "req_header")]
    [InlineData("""{ "data": [], "request_id": "r" }""", "InvalidBody", null, null, "The generation succeeded without images.", "r")]
    [InlineData("{}", "InvalidBody", null, null, "The answer holds no images and no error.", null)]
    [InlineData("[]", "EmptyBody", null, null, "The answer holds no images and no error.", null)]
    [InlineData("null", "EmptyBody", null, null, "The answer holds no images and no error.", null)]
    [InlineData("7", "InvalidBody", null, null, "The answer holds no images and no error.", null)]
    public void Response_without_images_throws_a_specific_error(string json, string end, string? jobId, string? code, string message, string? requestId)
    {
        var thrown = Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseImages(json));

        Assert.Equal((end, jobId, code), (thrown.Kind.ToString(), thrown.JobId, thrown.Error?.Code));
        Assert.StartsWith(message, thrown.Message, StringComparison.Ordinal);
        Assert.Equal(requestId, thrown.RequestId);
    }

    [Fact]
    public void Known_job_members_are_not_in_AdditionalProperties()
    {
        var job = ResponseParsing.ParseJob(
            """{ "job_id": "j", "task_id": "t", "status": "done", "state": "x", "task_status": "y", "object": "job", "model": "m", "created": 1, "created_at": 2, "progress": "50%", "error": null, "request_id": "r", "other": 1 }""");

        Assert.Equal(["other"], job.AdditionalProperties.Keys);
        Assert.Equal(("j", "done", "m", 1L, 50.0, "r"), (job.Id, job.Status.Value, job.Model, job.CreatedAt!.Value.ToUnixTimeSeconds(), job.Progress!.Value, job.RequestId));
    }

    [Theory]
    [InlineData("""{ "id": "j", "output": { "status": "done" }, "created_at": 2 }""", "done")]
    [InlineData("""{ "status": "done", "data": { "id": "j", "status": "queued" } }""", "queued")]
    [InlineData("""{ "data": { "status": "done" } }""", "done")]
    [InlineData("""{ "state": "done", "data": { "url": "https://e.x/a.png" } }""", "done")]
    public void Job_status_is_parsed_from_any_known_member(string json, string status) => Assert.Equal(status, ResponseParsing.ParseJob(json, expectedJobId: "j").Status.Value);

    [Theory]
    [InlineData("""{ "id": "other" }""", "j", "Mismatch", "The server was asked for the job j and answered with the job other.")]
    [InlineData("""{ "id": "a", "id": "b" }""", null, "Mismatch", "The answer names different ids for one job: a, b.")]
    [InlineData("{}", null, "InvalidBody", "The answer names no job.")]
    [InlineData("[]", null, "EmptyBody", "The answer names no job.")]
    [InlineData("null", null, "EmptyBody", "The answer names no job.")]
    public void Response_for_another_job_throws_a_specific_error(string json, string? expectedJobId, string end, string message)
    {
        var thrown = Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseJob(json, expectedJobId));

        Assert.Equal((end, message, "req_header"), (thrown.Kind.ToString(), thrown.Message, thrown.RequestId));
    }

    [Theory]
    [InlineData("{}", "InvalidBody")]
    [InlineData("""{ "url": "javascript:steal()" }""", "InvalidBody")]
    [InlineData("[]", "EmptyBody")]
    [InlineData("null", "EmptyBody")]
    public void Upload_response_without_URL_and_id_throws(string json, string end)
    {
        var thrown = Assert.Throws<InvalidResponseException>(() => ResponseParsing.ParseUpload(json));

        Assert.Equal((end, "The answer to the upload holds neither a link nor an id.", "req_header"), (thrown.Kind.ToString(), thrown.Message, thrown.RequestId));
    }

    [Theory]
    [InlineData("""{ "file": { "x": 1 }, "data": { "id": "f" } }""", "f", null)]
    [InlineData("""{ "url": "https://e.x/ä.png" }""", null, "https://e.x/ä.png")]
    [InlineData("""{ "url": "/f/a.png" }""", null, "https://backend:8000/f/a.png")]
    public void Upload_response_is_parsed_and_its_URL_kept_unchanged(string json, string? id, string? url)
    {
        var file = ResponseParsing.ParseUpload(json);

        Assert.Equal((id, url), (file.Id, file.Url));
    }

    [Theory]
    [InlineData("""{ "b64_json": "PNG", "mime_type": "image/webp" }""", "image/webp")]
    [InlineData("""{ "b64_json": "data:image/gif;base64,PNG", "mime_type": "image/webp" }""", "image/webp")]
    [InlineData("""{ "b64_json": "data:image/gif;base64,PNG" }""", "image/gif")]
    [InlineData("""{ "b64_json": "PNG" }""", "image/png")]
    [InlineData("""{ "url": "https://e.x/a", "b64_json": "PNG" }""", "image/png")]
    [InlineData("""{ "url": "https://e.x/a", "b64_json": "PNG", "content_type": "image/webp" }""", "image/webp")]
    public void Declared_media_type_takes_precedence_over_detected_type(string json, string type) =>
        Assert.Equal(type, Assert.Single(ResponseParsing.ParseImages($$"""{ "data": [ {{json.Replace("PNG", PngBase64)}} ] }""").Images).MimeType);

    [Theory]
    [InlineData("""{ "b64_json": "PNG" }""", "Image")]
    [InlineData("""{ "b64_json": "PNG", "mime_type": "video/mp4" }""", "Video")]
    [InlineData("""{ "b64_json": "data:audio/mpeg;base64,AAAA" }""", "Audio")]
    [InlineData("""{ "b64_json": "AAAA" }""", "Image")]
    [InlineData("""{ "b64_json": "!!!!", "mime_type": "audio/mpeg" }""", "Audio")]
    [InlineData("""{ "b64_json": "!!!!" }""", "Image")]
    [InlineData("""{ "url": "https://e.x/a.mp4" }""", "Video")]
    [InlineData("""{ "url": "https://e.x/a.mp4", "mime_type": "audio/mpeg" }""", "Audio")]
    public void Media_kind_of_untyped_output_follows_the_media_type(string json, string kind) =>
        Assert.Equal(kind, Assert.Single(ResponseParsing.ParseJob($$"""{ "id": "j", "status": "done", "output": [ {{json.Replace("PNG", PngBase64)}} ] }""").Output.All).Kind.ToString());

    [Theory]
    [InlineData("""{ "b64_json": "!!!!" }""", "The medium in the answer is not valid base64.")]
    [InlineData("""{ "b64_json": "!!!!", "error": { "message": "no" } }""", "no")]
    [InlineData("""{ "error": { "message": "no" } }""", "no")]
    public void Failed_media_contains_its_error_message(string json, string message)
    {
        var failed = ResponseParsing.ParseImages($$"""{ "data": [ "https://e.x/a", {{json}} ] }""").Images[1];

        Assert.Equal((message, MediaKind.Image), (failed.Error?.Message, failed.Kind));
    }

    [Fact]
    public void Known_media_members_are_not_in_AdditionalProperties()
    {
        var medium = Assert.Single(ResponseParsing.ParseImages(
            """
            { "data": [ { "url": [], "image_url": "https://e.x/a", "video_url": 0, "audio_url": 0, "b64_json": "", "data_base64": "", "mime_type": "image/png", "content_type": "x/y",
              "revised_prompt": "p", "width": 1, "height": 2, "duration": 3, "expires_at": 4, "error": null, "other": 1 } ] }
            """).Images);

        Assert.Equal(["other"], medium.AdditionalProperties.Keys);
        Assert.Equal(("https://e.x/a", "image/png", 1, 2, TimeSpan.FromSeconds(3)), (medium.Url, medium.MimeType, medium.Width, medium.Height, medium.Duration));
    }

    [Theory]
    [InlineData(1000, null)]
    [InlineData(1001, "LimitExceeded")]
    public void E6_URLs_of_one_member_count_toward_the_limit(int count, string? end)
    {
        var urls = string.Join(',', Enumerable.Range(0, count).Select(static i => $"\"https://e.x/{i}\""));

        var thrown = Record.Exception(() => ResponseParsing.ParseImages($$"""{ "data": [ { "url": [ {{urls}} ] } ] }"""));

        Assert.Equal(end, ResponseParsing.ReasonOf(thrown));
    }
}
