"""The use cases of leads, their intake, files, follow-ups and owners, wired by keyword."""

from dependency_injector.providers import ThreadSafeSingleton as Singleton

from leadtracker.container.deliveries import Deliveries
from leadtracker.container.ports import Ports
from leadtracker.domain.use_cases.files.disk_floor import DiskFloor
from leadtracker.domain.use_cases.files.file_storage import FileStorage
from leadtracker.domain.use_cases.files.load_file import LoadFile
from leadtracker.domain.use_cases.files.resumes import GetAttachment, GetResume, PutResume
from leadtracker.domain.use_cases.follow_ups.find_follow_ups import FindFollowUps
from leadtracker.domain.use_cases.follow_ups.record_follow_up import RecordFollowUp
from leadtracker.domain.use_cases.follow_ups.remind_follow_ups import RemindFollowUps
from leadtracker.domain.use_cases.imports.import_files import ImportFiles
from leadtracker.domain.use_cases.imports.import_leads import ImportLeads
from leadtracker.domain.use_cases.imports.manage_imports import ManageImports
from leadtracker.domain.use_cases.intake.capture_lead import CaptureLead
from leadtracker.domain.use_cases.intake.enter_lead import EnterLead
from leadtracker.domain.use_cases.intake.idempotent_requests import PurgeIdempotencyKeys
from leadtracker.domain.use_cases.intake.issue_form_token import IssueFormToken
from leadtracker.domain.use_cases.intake.keep_rejected import KeepRejected
from leadtracker.domain.use_cases.intake.known_leads import FindKnownLeads
from leadtracker.domain.use_cases.intake.manage_quarantine import ManageQuarantine
from leadtracker.domain.use_cases.intake.receive_canary import ReceiveCanary
from leadtracker.domain.use_cases.leads.change_many_leads import ChangeManyLeads
from leadtracker.domain.use_cases.leads.erase_lead import EraseLead
from leadtracker.domain.use_cases.leads.export_personal_data import ExportPersonalData
from leadtracker.domain.use_cases.leads.find_leads import ExportLeads, FindLeads, GetLead, ReadLeadNames
from leadtracker.domain.use_cases.leads.hold_lead import HoldLead
from leadtracker.domain.use_cases.leads.read_consent import ReadConsent
from leadtracker.domain.use_cases.leads.read_history import AddNote, CorrectNote, ReadHistory
from leadtracker.domain.use_cases.leads.retention import EnforceRetention, PreviewRetention
from leadtracker.domain.use_cases.leads.update_lead import UpdateLead
from leadtracker.domain.use_cases.ownership.claim_lead import ClaimLead
from leadtracker.domain.use_cases.ownership.find_owners import FindOwners
from leadtracker.domain.use_cases.ownership.release_leads import ReleaseLeads


class Leads(Deliveries):
    """The use cases that change and read leads."""

    disk_floor = Singleton(
        DiskFloor, disk_space=Ports.disk_space, floor=Ports.settings.provided.min_free_disk_bytes
    )
    file_storage = Singleton(
        FileStorage,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        ids=Ports.ids,
        objects=Ports.objects,
        disk_floor=disk_floor,
    )
    load_file = Singleton(LoadFile, unit_of_work=Ports.unit_of_work, objects=Ports.objects)
    get_resume = Singleton(GetResume, unit_of_work=Ports.unit_of_work, clock=Ports.clock, load_file=load_file)
    get_attachment = Singleton(
        GetAttachment, unit_of_work=Ports.unit_of_work, clock=Ports.clock, load_file=load_file
    )
    put_resume = Singleton(
        PutResume,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        file_storage=file_storage,
        notifications=Deliveries.notifications,
    )
    receive_canary = Singleton(
        ReceiveCanary,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        notifications=Deliveries.notifications,
        recipient=Ports.canary_address,
    )
    capture_lead = Singleton(
        CaptureLead,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        ids=Ports.ids,
        phones=Ports.phones,
        duplicate_policy=Ports.duplicate_policy,
        assignment=Ports.assignment,
        required_fields=Ports.settings.provided.required,
        notifications=Deliveries.notifications,
        file_storage=file_storage,
        receive_canary=receive_canary,
    )
    purge_idempotency_keys = Singleton(
        PurgeIdempotencyKeys, unit_of_work=Ports.unit_of_work, clock=Ports.clock
    )
    keep_rejected = Singleton(KeepRejected, unit_of_work=Ports.unit_of_work, clock=Ports.clock, ids=Ports.ids)
    issue_form_token = Singleton(IssueFormToken, clock=Ports.clock, ids=Ports.ids)
    manage_quarantine = Singleton(
        ManageQuarantine,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        phones=Ports.phones,
        notifications=Deliveries.notifications,
        assignment=Ports.assignment,
    )
    get_lead = Singleton(GetLead, unit_of_work=Ports.unit_of_work)
    read_lead_names = Singleton(ReadLeadNames, unit_of_work=Ports.unit_of_work)
    find_leads = Singleton(FindLeads, unit_of_work=Ports.unit_of_work, phones=Ports.phones)
    export_leads = Singleton(ExportLeads, unit_of_work=Ports.unit_of_work, clock=Ports.clock)
    import_leads = Singleton(
        ImportLeads,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        ids=Ports.ids,
        phones=Ports.phones,
        notifications=Deliveries.notifications,
        zone=Ports.settings.provided.timezone,
    )
    import_files = Singleton(ImportFiles, unit_of_work=Ports.unit_of_work, clock=Ports.clock, ids=Ports.ids)
    manage_imports = Singleton(
        ManageImports,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        notifications=Deliveries.notifications,
        kept_mails=Ports.kept_mails,
    )
    update_lead = Singleton(
        UpdateLead,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        phones=Ports.phones,
        notifications=Deliveries.notifications,
    )
    change_many_leads = Singleton(
        ChangeManyLeads, unit_of_work=Ports.unit_of_work, phones=Ports.phones, update_lead=update_lead
    )
    claim_lead = Singleton(
        ClaimLead, unit_of_work=Ports.unit_of_work, clock=Ports.clock, notifications=Deliveries.notifications
    )
    find_owners = Singleton(FindOwners, unit_of_work=Ports.unit_of_work)
    release_leads = Singleton(
        ReleaseLeads,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        notifications=Deliveries.notifications,
    )
    erase_lead = Singleton(
        EraseLead,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        file_storage=file_storage,
        notifications=Deliveries.notifications,
        kept_mails=Ports.kept_mails,
    )
    preview_retention = Singleton(
        PreviewRetention,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        policy=Deliveries.retention_policy,
    )
    enforce_retention = Singleton(
        EnforceRetention,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        policy=Deliveries.retention_policy,
        erase_lead=erase_lead,
    )
    hold_lead = Singleton(HoldLead, unit_of_work=Ports.unit_of_work, clock=Ports.clock)
    export_personal_data = Singleton(
        ExportPersonalData, unit_of_work=Ports.unit_of_work, clock=Ports.clock, load_file=load_file
    )
    read_consent = Singleton(ReadConsent, unit_of_work=Ports.unit_of_work)
    read_history = Singleton(ReadHistory, unit_of_work=Ports.unit_of_work)
    add_note = Singleton(AddNote, unit_of_work=Ports.unit_of_work, clock=Ports.clock)
    record_follow_up = Singleton(
        RecordFollowUp,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        ids=Ports.ids,
        notifications=Deliveries.notifications,
    )
    find_known_leads = Singleton(FindKnownLeads, unit_of_work=Ports.unit_of_work, phones=Ports.phones)
    find_follow_ups = Singleton(
        FindFollowUps,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        zone=Ports.settings.provided.timezone,
    )
    remind_follow_ups = Singleton(
        RemindFollowUps,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        notifications=Deliveries.notifications,
    )
    correct_note = Singleton(CorrectNote, unit_of_work=Ports.unit_of_work, clock=Ports.clock)
    enter_lead = Singleton(
        EnterLead,
        capture_lead=capture_lead,
        record_follow_up=record_follow_up,
        unit_of_work=Ports.unit_of_work,
        clock=Ports.clock,
        phones=Ports.phones,
    )
