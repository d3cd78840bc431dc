//! The calls of the operation, and what they carry.

use super::{Associate, Group, Job, Write};
use crate::endpoint::Endpoint;
use crate::error::Refusal;
use crate::http::Request;
use crate::id::Id;
use crate::path;
use crate::unified::links::Link;
use crate::vendors::hubspot::association_labels::{self, create};
use crate::vendors::hubspot::associations::batch_archive::{BatchArchive, Fan};
use crate::vendors::hubspot::associations::batch_archive_labels::BatchArchiveLabels;
use crate::vendors::hubspot::associations::batch_create::BatchCreate;
use crate::vendors::hubspot::associations::batch_create_default::BatchCreateDefault;
use crate::vendors::hubspot::associations::create_default::CreateDefault;
use crate::vendors::hubspot::associations::list::List;
use crate::vendors::hubspot::associations::{Pair as Two, Record, Type, TypedPair};
use crate::vendors::hubspot::object_type;

impl<'a> Associate<'a> {
    pub(super) fn request(&self, job: &Job) -> Result<Request, Refusal> {
        let number = job.group();
        let Some(group) = self.groups.get(number) else {
            return Err(Refusal::input("", "expected a kind of records"));
        };
        let from_object_type = Id::new(object_type(&self.links.kind));
        let to_object_type = Id::new(object_type(&group.kind));
        let own = || Id::new(self.links.entity_id.as_str());
        let record = |id| Record { id };
        let links = |places: &'_ [usize]| -> Vec<(usize, &Link<'a>)> {
            let links = places.iter();
            links
                .filter_map(|place| Some((*place, self.links.link(*place)?)))
                .collect()
        };
        let id = |link: &'_ Link<'a>| link.target.id.clone();
        let options = &self.options;
        let mut request = match job {
            Job::List(_, after) => {
                return List {
                    object_type: from_object_type,
                    object_id: own(),
                    to_object_type,
                    after: after.as_deref().map(Id::new),
                    limit: None,
                }
                .build(options);
            }
            Job::Labels(_) => {
                return association_labels::list::List {
                    from_object_type,
                    to_object_type,
                }
                .build(options);
            }
            Job::Define(_, new) => {
                let Some(new) = self.news.get(*new) else {
                    return Err(Refusal::input("association_types", "expected a definition"));
                };
                return create::Create {
                    from_object_type,
                    to_object_type,
                    label: new.label.clone(),
                    name: new.key.as_str().into(),
                    inverse_label: new.inverse_label.clone(),
                }
                .build(options);
            }
            Job::Link(_, places) => match links(places).as_slice() {
                [(_, only)] => CreateDefault {
                    from_object_type,
                    from_object_id: own(),
                    to_object_type,
                    to_object_id: id(only),
                }
                .build(options)?,
                several => BatchCreateDefault {
                    from_object_type,
                    to_object_type,
                    inputs: several
                        .iter()
                        .map(|(_, link)| Two {
                            from: record(own()),
                            to: record(id(link)),
                        })
                        .collect(),
                }
                .build(options)?,
            },
            Job::Label(_, places) => {
                let inputs = self.typed(&links(places), |write| &write.send);
                return self.labels(group, inputs, false);
            }
            Job::Unlabel(_, places) => {
                let inputs = self.typed(&links(places), |write| &write.drop);
                return self.labels(group, inputs, true);
            }
            Job::Archive(_, places) => BatchArchive {
                from_object_type,
                to_object_type,
                inputs: vec![Fan {
                    from: record(own()),
                    to: links(places)
                        .iter()
                        .map(|(_, link)| record(id(link)))
                        .collect(),
                }],
            }
            .build(options)?,
        };
        path::push_query_values(&mut request.url, "", &self.query);
        Ok(request)
    }

    /// Writes kinds of association, or takes them away.
    pub(super) fn labels(
        &self,
        group: &Group<'_>,
        inputs: Vec<TypedPair<'_>>,
        away: bool,
    ) -> Result<Request, Refusal> {
        let from_object_type = Id::new(object_type(&self.links.kind));
        let to_object_type = Id::new(object_type(&group.kind));
        let mut request = if away {
            BatchArchiveLabels {
                from_object_type,
                to_object_type,
                inputs,
            }
            .build(&self.options)?
        } else {
            BatchCreate {
                from_object_type,
                to_object_type,
                inputs,
            }
            .build(&self.options)?
        };
        path::push_query_values(&mut request.url, "", &self.query);
        Ok(request)
    }

    fn typed<'s>(
        &'s self,
        links: &[(usize, &'s Link<'a>)],
        types: fn(&Write) -> &Vec<Type<'static>>,
    ) -> Vec<TypedPair<'s>> {
        let own = Id::new(self.links.entity_id.as_str());
        let inputs = links.iter().map(|(place, link)| TypedPair {
            from: Record { id: own.clone() },
            to: Record {
                id: Id::new(link.target.id.as_str()),
            },
            types: self
                .writes
                .get(place)
                .map_or_else(Vec::new, |write| types(write).clone()),
        });
        inputs.collect()
    }
}
